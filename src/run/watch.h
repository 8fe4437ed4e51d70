/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watching over a guest from QEMU's start to its end: the supervisor, and what
 * happens beside it in the same loop. The members are public, since QEMU gets
 * the other ends of their sockets; they are opened before it starts.
 */
#ifndef XKVM_RUN_WATCH_H
#define XKVM_RUN_WATCH_H

#include "run/console_hub.h"
#include "run/panic_watch.h"
#include "run/reach.h"
#include "run/ready.h"
#include "run/supervise.h"

struct watch {
	const struct plan *plan;
	const struct run_report *report;
	struct event_loop loop;
	struct qmp_link link;
	struct terminal terminal;
	struct console_hub console;
	struct reach reach;
	struct ready ready;
	struct panic_watch panic;
	struct supervision supervision;
};

/* Remembers how the terminal is, too. */
void watch_init(struct watch *ret, const struct plan *plan,
		const struct run_report *report);

/* Returns when QEMU has ended, with the terminal as it was. `signal_fd` is that
 * of supervise_signals(). */
must_check int watch_qemu(struct watch *watch, struct process *qemu,
			  int signal_fd, struct outcome *ret, struct err *err);

void watch_done(struct watch *watch);

#endif
