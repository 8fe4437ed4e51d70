/* SPDX-License-Identifier: Apache-2.0 */
/* A shell's command in the guest, run by its agent. */
#ifndef XKVM_RUN_GUEST_EXEC_H
#define XKVM_RUN_GUEST_EXEC_H

#include "run/qga_link.h"

struct guest_exec {
	struct qga_link *agent;
	struct event_loop *loop;
	/* It has ended; `end` may be taken from. Or, with NULL, that will never
	 * be known, and `why` says why. Comes once. */
	void (*done)(void *context, struct qga_exec_end *end, const char *why);
	void *context;

	/* Its own. */
	bool is_running;
	bool is_started; /* the guest has it */
	json_int_t pid;
	unsigned int wait_ms; /* until it is asked for again */
	struct event_source poll;
};

/* false where the agent is not there; done() does not come then. */
bool guest_exec_start(struct guest_exec *exec, const char *command,
		      const void *input, size_t len);

/* done() does not come any more. The command goes on in the guest. */
void guest_exec_stop(struct guest_exec *exec);

#endif
