/* SPDX-License-Identifier: Apache-2.0 */
/* A command in the guest by ssh(1), whose output is read here. */
#ifndef XKVM_RUN_SSH_EXEC_H
#define XKVM_RUN_SSH_EXEC_H

#include "base/strbuf.h"
#include "host/process.h"
#include "run/event_loop.h"
#include "run/reach.h"

/* More than that of its output is dropped. */
#define SSH_OUTPUT_MAX 65536U

struct ssh_exec {
	struct event_loop *loop;
	const char *program;
	/* It has written something; may be NULL. */
	void (*heard)(void *context);
	/* It has ended, with this status as for wait(2). Comes once. */
	void (*done)(void *context, int status);
	void *context;

	struct strbuf said; /* owned; both of its outputs */

	/* Its own. */
	struct process ssh;
	struct event_source output, ended;
	bool is_running;
};

/* `user` NULL: as ssh has it. It is killed, and done() comes, when it has not
 * ended within `limit_ms`; 0: it may take as long as it likes. */
must_check int ssh_exec_start(struct ssh_exec *exec,
			      const struct reach_target *target,
			      const char *user, const char *command,
			      unsigned int limit_ms, struct err *err);

/* Kills it; done() does not come. */
void ssh_exec_stop(struct ssh_exec *exec);

#endif
