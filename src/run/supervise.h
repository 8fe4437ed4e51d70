/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for QEMU. Theory of operation:
 *
 * All signals that matter are blocked and read from a signalfd, so that no work
 * is done in handlers and none is lost. One poll loop watches that, QEMU's
 * pidfd and the QMP socket; it has a time-out only while the guest is being
 * brought to its end (stop_ladder.h). QEMU is signalled through its pidfd,
 * never by a number that may have become another's.
 *
 * SIGTERM, SIGINT and SIGHUP end the guest. Where QEMU has the terminal it is
 * in the same process group, gets Ctrl-C itself and ends in order; being asked
 * twice does not harm. Stop signals (Ctrl-Z) stop QEMU and then this process,
 * with the terminal given back to the shell in between.
 */
#ifndef XKVM_RUN_SUPERVISE_H
#define XKVM_RUN_SUPERVISE_H

#include "host/process.h"
#include "run/outcome.h"
#include "run/qmp_link.h"
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
	int signal_fd; /* not owned */
	unsigned int grace_ms;
};

/* Returns when QEMU has ended and is reaped, or cannot be ended. */
must_check int supervise(const struct supervision *s, struct outcome *ret,
			 struct err *err);

#endif
