/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting until a guest is ready (--wait). Theory of operation:
 *
 * Each --wait is a condition. It is open at first, and then met, or it has
 * failed. The guest is ready when all of them are met; the first that fails
 * fails the whole. So do the time-out, a sign of failure on the console
 * (boot_signs.h), a panic that QEMU reports, and QEMU's end. From then on the
 * answer stands, and nothing is looked at any more.
 *
 * A condition is met by a line of the console, or by sources of its own in the
 * event loop: a probe that connects somewhere, an agent that answers. It is a
 * table of functions, `struct condition_kind`, in CONDITIONS of ready.c.
 *
 * After a sign of failure the console is read a moment longer, since what
 * follows tells more, and then the guest is ended by the stop ladder. There is
 * a time to wait for only while the answer is open.
 */
#ifndef XKVM_RUN_READY_H
#define XKVM_RUN_READY_H

#include "base/strbuf.h"
#include "plan/plan.h"
#include "run/boot_signs.h"
#include "run/console_text.h"
#include "run/event_loop.h"
#include "run/outcome.h"
#include "run/qmp_link.h"
#include "run/report.h"

struct ready;
struct condition;

/* How one kind of condition is watched. Each function may be NULL. */
struct condition_kind {
	/* QEMU has been started. Here sources are added to the loop, and what
	 * else is needed is put into `state`. */
	void (*start)(struct condition *c);
	/* All other conditions are met. Only the last one has this. */
	void (*last)(struct condition *c);
	/* A line of the console: a whole one, or, with `is_prompt`, one that
	 * does not grow any more for now. */
	void (*line)(struct condition *c, const char *line, bool is_prompt);
	/* Why it has not been met so far; NULL where that is not known. */
	const char *(*why_not)(struct condition *c);
	/* The answer stands: sources go, and `state`. Comes once after
	 * start(). */
	void (*stop)(struct condition *c);
};

struct condition {
	struct ready *ready;
	const struct wait_spec *spec;
	const struct condition_kind *kind;
	bool is_met;
	void *state; /* of its kind */
};

enum ready_answer {
	READY_OPEN,
	READY_FAILING, /* a sign was seen; more of it may come */
	READY_YES,
	READY_NO,
};

struct ready {
	const struct plan *plan;
	struct event_loop *loop;
	struct qmp_link *link;
	const struct run_report *report;
	/* Ends the guest. False where it is being ended already, by a signal:
	 * that is no failure then. */
	bool (*end_guest)(void *context);
	/* Powers it down: the command of --run has ended. */
	void (*power_off)(void *context);
	void *context; /* for both */
	struct reach *reach; /* how the guest is reached */

	/* Its own. */
	struct condition *conditions; /* owned */
	enum ready_answer answer;
	int status; /* the exit status of a failure; 0: none */
	bool is_command_done; /* that of --run */
	int command_status; /* its exit status then */
	bool is_handed_over; /* the terminal belongs to the command */
	char reason[320]; /* of the failure */
	bool is_sign; /* the failure; what follows may say more of it */
	/* The console up to that sign, and a little of what follows: a panic
	 * has more to say than anybody wants to read. */
	struct strbuf shown;
	unsigned int shown_after;
	int64_t started;
	bool is_watching; /* between ready_start() and ready_done() */
	struct event_source timeout, verdict, quiet, progress;
	struct qmp_listener listener;
	struct console_text text;
	struct boot_signs signs;
	char stage[BOOT_STAGE_MAX]; /* the last one that was reported */
};

/* QEMU has been started. Without a --wait nothing happens, here and below. */
void ready_start(struct ready *ready);

/* What the console wrote. */
void ready_console(struct ready *ready, const char *data, size_t len);

/* For a condition: it is met; it has failed, with an exit status. Only what
 * comes first counts. */
void ready_met(struct condition *c);
void ready_fail(struct ready *ready, int status, const char *fmt, ...)
	printf_like(3, 4);

/* For the command of --run: it begins, by `who`, and nothing is drawn on its
 * terminal any more. */
void ready_hand_over(struct ready *ready, const char *who);

/* QEMU has ended: the answer stands now, and is in *outcome. */
void ready_finish(struct ready *ready, struct outcome *outcome);

void ready_done(struct ready *ready);

#endif
