/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taps, by /dev/net/tun. A tap is gone when the last descriptor of it is
 * closed, unless it was made persistent.
 */
#ifndef XKVM_NET_TAP_H
#define XKVM_NET_TAP_H

#include "fail.h"

#include <stdbool.h>
#include <sys/types.h>

/* Zeroed, it is closed. */
struct tap {
	char name[NET_NAME_MAX + 1];
	unsigned int n_fds;
	int fds[NET_QUEUES_MAX]; /* owned; one for each queue */
};

/* The lowest N that is free. */
#define TAP_NUMBERED "tapvm%d"

/*
 * Makes a new tap: never one that exists already. `name` is its name, or
 * TAP_NUMBERED, or empty: xk and 40 random bits, never the same again. Closed
 * on failure.
 */
must_check int tap_open(struct tap *tap, const char *name, unsigned int queues,
			struct fail *fail);

/* Lets `owner` open the tap by its name. */
must_check int tap_set_owner(const struct tap *tap, uid_t owner,
			     struct fail *fail);

/* Says whether it outlives its descriptors. */
int tap_set_persistent(const struct tap *tap, bool is_persistent,
		       struct fail *fail);

void tap_close(struct tap *tap);

#endif
