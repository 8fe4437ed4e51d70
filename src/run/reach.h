/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a guest is reached from this host: by ports that lead to it, where it is
 * on the user network; else at the address that its agent tells. QEMU, or the
 * agent, is asked only where something is to be known.
 */
#ifndef XKVM_RUN_REACH_H
#define XKVM_RUN_REACH_H

#include <sys/socket.h>

#include "plan/plan.h"
#include "run/event_loop.h"
#include "run/qga_link.h"
#include "run/qmp_link.h"
#include "run/report.h"

struct reach {
	const struct plan *plan;
	struct event_loop *loop;
	struct qmp_link *qmp;
	const struct run_report *report;

	/* Its own. */
	struct qga_link agent;
	unsigned int *ports; /* owned; of each forward on this host; 0: not
				known yet */
	struct strv addresses; /* the guest's own */
	struct qga_listener listener;
	struct event_source ask; /* the agent for the addresses */
};

/* QEMU has been started. `agent` was opened before, where the plan has one. */
void reach_start(struct reach *reach);
void reach_done(struct reach *reach);

/* Where a port of the guest is. */
struct reach_target {
	struct sockaddr_storage address;
	socklen_t len;
	char host[64]; /* the address as text */
	unsigned int port; /* on this host where it is forwarded */
	/* libslirp accepts, whether the guest does or not. */
	bool is_forwarded;
};

/*
 * false where nothing is known yet. Where a guest has several addresses, `turn`
 * says which one: whoever tries again counts it up.
 */
bool reach_find(const struct reach *reach, unsigned int guest_port, size_t turn,
		struct reach_target *ret);

#endif
