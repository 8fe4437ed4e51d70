/* SPDX-License-Identifier: Apache-2.0 */
/* Taps on a bridge, made in several ways. What fails ends the program. */
#ifndef XKVM_BENCH_TAPS_H
#define XKVM_BENCH_TAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define TAPS_MAX 128
#define TAPS_NO_GROUP 0 /* of tap_loop_group_named(): only count */

struct bridge {
	const char *name;
	const char *ovsdb; /* the socket of its database; NULL: a Linux one */
};

struct taps {
	unsigned int count;
	int fds[TAPS_MAX];
	uint32_t indexes[TAPS_MAX];
};

/* By what it takes at the least: for each tap, one open(), one ioctl() and two
 * requests over netlink; and one transaction for all of them. */
void tap_loop_make(const struct bridge *bridge, unsigned int count,
		   struct taps *ret);

/* Puts all into a device group, which takes next to no time. */
void tap_loop_group(const struct taps *taps, uint32_t group);

/* Removes all interfaces of a group at once. */
void tap_loop_delete_group(uint32_t group);

/* Puts every interface with such a name into a group. Returns how many. */
unsigned int tap_loop_group_named(const char *prefix, uint32_t group);

void taps_close(struct taps *taps);

/* Adds ports to the switch and waits until it has them; removes all that begin
 * with one of our prefixes. */
void ovs_port_add(const struct bridge *bridge, char names[][16],
		  unsigned int count);

/* A dialogue with xkvm-net. */
struct request {
	pid_t helper;
	int socket;
};

/* Starts $XKVM_NET and has it make the taps; up to its last OK. */
void tap_request_make(const struct bridge *bridge, unsigned int count,
		      struct request *ret, struct taps *ret_taps);

/* COMMIT with a lifeline, to its DONE and the end of xkvm-net. */
void tap_request_commit(struct request *request);

/* Ends the lifeline, and waits until the guardian has removed all. */
void tap_request_release(struct request *request);

/* Leaves without, and awaits its end. */
void tap_request_undo(struct request *request);

#endif
