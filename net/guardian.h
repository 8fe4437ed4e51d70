/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guardian of a request's taps: a process of its own, forked before the
 * taps are made, so that it seals itself meanwhile.
 *
 * The kernel removes a tap with its last descriptor, whoever is killed. Two
 * things outlive that: a port in Open vSwitch's database, and a tap that one of
 * its holders has made persistent, for which a holder needs no privilege. The
 * guardian removes both. It holds no descriptor of a tap, which would keep it
 * alive, and of the client's nothing but a lifeline. Of xkvm-net's privileges
 * it keeps CAP_NET_ADMIN, in effect only while it deletes a tap.
 *
 *	xkvm-net			guardian
 *	fork ------------------------->	seals itself
 *	the taps --------------------->	adds the ports to Open vSwitch
 *	     <------------------ report	(none are left where it failed)
 *	"commit" --------------------->	stays until the taps are gone
 *	end, without "commit" -------->	removes ports and taps
 *	     <----------------- "undo"
 *
 * So if xkvm-net is killed at any moment, everything is undone; if the guardian
 * is, xkvm-net undoes it. Of taps that it has not been told of, nobody else has
 * a descriptor, and Open vSwitch has not heard: it ends when xkvm-net does, and
 * they with it. What remains when both are killed carries its tag,
 * and the next guardian sweeps it up, or `xkvm gc`.
 *
 * A lifeline comes with "commit": the client's socket, where the client wants
 * to keep its end. When that end closes, the guardian removes all taps by one
 * request, and all ports by another, and closes its own end, by which the
 * client knows. Without a lifeline, each tap goes with its last descriptor,
 * one after the other.
 *
 * Where the database does not answer when ports are to be removed, the guardian
 * tries again, less and less often, for a while; then it says so in the system
 * log. Names of taps are not used again, but for those that a client has
 * chosen, which ovs_name.h is about; so a port that stays does no harm but to
 * be there.
 */
#ifndef XKVM_NET_GUARDIAN_H
#define XKVM_NET_GUARDIAN_H

#include "fail.h"

#include <stdbool.h>
#include <stdint.h>

struct nic_list;

struct guardian {
	int fd; /* owned: to the process; -1: there is none */
	bool has_taps; /* it has been told of them */
	bool owes_report; /* on them */
};

/*
 * Starts the guardian of the list's taps, which are yet to be made: all but
 * their names and indexes must be known. What it asks of Open vSwitch, it asks
 * before the deadline.
 */
must_check int guardian_start(struct nic_list *list, int64_t deadline,
			      struct fail *fail);

/* Leaves the taps to it, which are set up. */
must_check int guardian_tell(struct nic_list *list, struct fail *fail);

/*
 * Waits until it has added those that belong there to Open vSwitch, and writes
 * their `port`. On failure, `fail->nic` is the NIC at fault, if one is.
 */
must_check int guardian_await(struct nic_list *list, struct fail *fail);

/* From now on it stays with the taps, and xkvm-net may end: what has been sent
 * arrives. `lifeline` is the client's socket, or -1; it stays the caller's. */
must_check int guardian_commit(struct guardian *guardian, int lifeline,
			       struct fail *fail);

/*
 * Has it remove taps and ports; whatever remains of that it sees to. False
 * where there is no guardian to do so.
 */
must_check bool guardian_undo(struct guardian *guardian);

#endif
