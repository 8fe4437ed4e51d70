/* SPDX-License-Identifier: Apache-2.0 */
/* What the guardian does about the taps it has been left with. */
#ifndef XKVM_NET_GUARDIAN_WATCH_H
#define XKVM_NET_GUARDIAN_WATCH_H

#include "link.h"
#include "nic.h"

#include <stdbool.h>
#include <stdint.h>

struct guarded_tap {
	bool is_there;
	bool is_changed; /* it is to be looked at */
	bool has_port; /* that is to be removed with it */
};

struct guard {
	struct nic_list *list; /* not owned */
	struct link_socket links; /* owned */
	struct link_socket watch; /* owned */
	struct guarded_tap taps[NET_NICS_MAX];
	int lifeline; /* owned; -1: none */
	bool is_over; /* the taps are to go, whoever has them */
	bool keeps_some; /* persistent taps, which are the client's own */
	bool is_in_database; /* a port may be */
	int64_t retry_at; /* deadlines; valid while a retry is due */
	int64_t give_up_at;
	int64_t delay; /* ms until the next retry; 0: none is due */
};

/* Begins to watch the taps of the list. Returns 0 or -errno. */
must_check int guard_open(struct guard *ret, struct nic_list *list);

/* Deletes the taps, whoever has descriptors of them, and removes their ports.
 * What of that fails is for guard_watch(). */
void guard_finish(struct guard *guard);

/* Removes all the ports of the request, or closes the connection. */
must_check int guard_remove_ports(struct guard *guard, int64_t deadline,
				  struct fail *fail);

/* Removes what other guardians had to leave: taps, and ports if this one has
 * any. */
void guard_sweep(struct guard *guard, int64_t deadline);

/*
 * Stays until all taps are gone, and their ports; the end of the lifeline is
 * theirs. A tap that was not asked to be persistent and is, and that nobody has
 * a descriptor of, it deletes.
 */
void guard_watch(struct guard *guard);

#endif
