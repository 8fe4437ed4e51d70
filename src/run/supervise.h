/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for QEMU. Theory of operation:
 *
 * All signals that matter are blocked and read from a signalfd, so that no work
 * is done in handlers and none is lost. One event loop watches that, QEMU's
 * pidfd, the QMP socket, and what else its caller has put there before. There
 * is a time to wait for only while the guest is being brought to its end
 * (stop_ladder.h). QEMU is signalled through its pidfd, never by a number that
 * may have become another's.
 *
 * What comes at the same time is looked at in this order: the caller's sources,
 * QMP, QEMU's end, signals. So all that QEMU has said counts before its end
 * does.
 *
 * SIGTERM, SIGINT and SIGHUP end the guest. Where QEMU has the terminal it is
 * in the same process group, gets Ctrl-C itself and ends in order; being asked
 * twice does not harm. Stop signals (Ctrl-Z) stop QEMU and then this process,
 * with the terminal given back to the shell in between.
 */
#ifndef XKVM_RUN_SUPERVISE_H
#define XKVM_RUN_SUPERVISE_H

#include "host/process.h"
#include "run/event_loop.h"
#include "run/outcome.h"
#include "run/qmp_link.h"
#include "run/stop_ladder.h"
#include "run/terminal.h"

/* Blocks the signals and returns the signalfd in *ret, owned by the caller. A
 * SIGHUP that was ignored (nohup(1)) stays so. Call it before anything is made
 * that must be undone. */
must_check int supervise_signals(int *ret, struct err *err);

/* Returns the signal that has asked for the end already, or 0. Does not
 * block. */
int supervise_pending_stop(int signal_fd);

struct supervision {
	struct process *qemu;
	struct qmp_link *link;
	struct terminal *terminal;
	struct event_loop *loop; /* supervise() runs it */
	int signal_fd; /* not owned */
	unsigned int grace_ms;

	/* Its own. */
	struct event_source ended, signals, next_step;
	struct stop_ladder ladder;
	struct outcome outcome;
};

/* Returns when QEMU has ended and is reaped, or cannot be ended. */
must_check int supervise(struct supervision *s, struct outcome *ret,
			 struct err *err);

/* For a callback of the loop: brings the guest to its end, `first` being the
 * first step. The outcome has no signal then. false where that is being done
 * already. */
bool supervise_stop(struct supervision *s, enum stop_step first);

#endif
