/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether somebody in the guest listens to a port. Theory of operation:
 *
 * Connected to is the port itself, where the guest has an address of its own:
 * a connection says it all. On the user network libslirp accepts first and asks
 * the guest then. When the guest refuses, the connection is closed at once.
 * Else there is a byte from who speaks first, or QEMU's list of connections
 * says that the guest has accepted: this one, or another one to the same port,
 * which the list does not tell apart and which shows the same. A connection
 * that the guest has not accepted after a second is given up for a new one: the
 * guest may have had no network when it was asked, and libslirp asks again only
 * after six seconds.
 *
 * A probe goes on until it is met or stopped.
 */
#ifndef XKVM_RUN_PROBE_H
#define XKVM_RUN_PROBE_H

#include "run/reach.h"

/* What the last try came to. */
enum probe_trouble {
	PROBE_NOT_TRIED,
	PROBE_NOWHERE, /* no address is known */
	PROBE_UNANSWERED,
	PROBE_REFUSED,
	PROBE_MUTE, /* connected, and no banner came */
};

struct probe {
	const struct reach *reach;
	unsigned int guest_port;
	bool wants_banner; /* of SSH, RFC 4253, section 4.2 */
	void (*met)(void *context); /* comes once */
	void *context;

	/* Its own. */
	struct event_source source; /* its descriptor is owned */
	struct event_source check; /* of QEMU's list of connections */
	size_t turn;
	bool is_forwarded, is_accepted;
	enum probe_trouble trouble;
	unsigned int host_port; /* that is connected to */
	char seen[256]; /* what came, as far as it fits */
	size_t seen_len;
};

void probe_start(struct probe *probe);
void probe_stop(struct probe *probe);

/* Why it has not been met so far; NULL where that is not known. */
const char *probe_why(const struct probe *probe);

#endif
