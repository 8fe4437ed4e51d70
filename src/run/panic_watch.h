/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done when the guest panics (--on-panic). QEMU tells of it where the
 * guest's kernel has a driver for the device, and the console says so in any
 * case, and why. Both are signs of one panic, so the first is given half a
 * second for the other to come. A panic that is acted on is over; the next one
 * counts again when the guest has been quiet about it for a while.
 */
#ifndef XKVM_RUN_PANIC_WATCH_H
#define XKVM_RUN_PANIC_WATCH_H

#include "run/boot_signs.h"
#include "run/console_text.h"
#include "run/event_loop.h"
#include "run/outcome.h"
#include "run/qmp_link.h"
#include "run/report.h"
#include "spec/panic_action.h"

struct panic_watch {
	enum panic_action action;
	struct event_loop *loop;
	struct qmp_link *link;
	const struct run_report *report;
	bool (*end_guest)(void *context);
	void *context;

	/* Its own. */
	struct qmp_listener listener;
	struct event_source verdict;
	struct console_text text;
	char reason[256]; /* what the console said; or "" */
	int64_t over; /* until then, all is the same panic */
	bool has_panicked; /* and the guest was ended, or is stopped */
};

/* QEMU has been started. Without an action nothing happens, here and below. */
void panic_watch_start(struct panic_watch *watch);
void panic_watch_console(struct panic_watch *watch, const char *data,
			 size_t len);

/* QEMU has ended. A panic after which the guest started anew is none. */
void panic_watch_finish(struct panic_watch *watch, struct outcome *outcome);
void panic_watch_done(struct panic_watch *watch);

#endif
