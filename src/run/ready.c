/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ready.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/json.h"
#include "base/quote.h"
#include "base/strbuf.h"
#include "run/guest_cloud_init.h"
#include "run/guest_command.h"
#include "run/guest_port.h"

/* How long after a sign of failure the console is read on. */
#define VERDICT_MS 500
/* How many lines of that are shown. */
#define SHOWN_AFTER 6
/* A line that has not grown for so long is a prompt. */
#define QUIET_MS 100

/* ---- conditions ------------------------------------------------------------
 */

static void look_at_boot(struct condition *c, const char *line, bool is_prompt)
{
	(void)line;
	(void)is_prompt;
	if (c->ready->signs.is_up)
		ready_met(c);
}

static void start_text(struct condition *c)
{
	regex_t *regex = xcalloc(1, sizeof(*regex));

	/* It compiled when it was read; only memory can be short. */
	if (regcomp(regex, c->spec->text, REG_EXTENDED | REG_NOSUB) != 0)
		ready_fail(c->ready, EXIT_HOST, "no memory for '%s'",
			   c->spec->text);
	else
		c->state = take_ptr(regex);
	free(regex);
}

static void look_for_text(struct condition *c, const char *line, bool is_prompt)
{
	(void)is_prompt;
	if (c->state && regexec(c->state, line, 0, NULL, 0) == 0)
		ready_met(c);
}

static void stop_text(struct condition *c)
{
	if (c->state)
		regfree(c->state);
	free(c->state);
	c->state = NULL;
}

/* The last one is met by QEMU's end, in ready_finish(). */
static const struct condition_kind CONDITIONS[] = {
	[WAIT_BOOT] = { .line = look_at_boot },
	[WAIT_TEXT] = { .start = start_text,
			.line = look_for_text,
			.stop = stop_text },
	[WAIT_EXIT] = { 0 },
};

static const struct condition_kind *kind_of(const struct wait_spec *wait)
{
	switch (wait->kind) {
	case WAIT_SSH:
	case WAIT_PORT:
		return &GUEST_PORT;
	case WAIT_CLOUD_INIT:
		return &GUEST_CLOUD_INIT;
	case WAIT_COMMAND:
		return &GUEST_COMMAND;
	default:
		return &CONDITIONS[wait->kind];
	}
}

/* ---- the answer ------------------------------------------------------------
 */

static bool is_open(const struct ready *ready)
{
	return ready->is_watching && ready->answer == READY_OPEN;
}

static int64_t elapsed(const struct ready *ready)
{
	return event_now() - ready->started;
}

static void stop_watching(struct ready *ready)
{
	if (!ready->is_watching)
		return;
	ready->is_watching = false;
	event_remove(ready->loop, &ready->timeout);
	event_remove(ready->loop, &ready->verdict);
	event_remove(ready->loop, &ready->quiet);
	event_remove(ready->loop, &ready->progress);
	qmp_link_unlisten(ready->link, &ready->listener);
	for (size_t i = 0; i < ready->plan->wait_count; i++)
		if (ready->conditions[i].kind->stop)
			ready->conditions[i].kind->stop(&ready->conditions[i]);
}

/* The conditions by name, or with `only_open` those that are not met. Owned by
 * the caller. */
static char *names(const struct ready *ready, bool only_open)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < ready->plan->wait_count; i++)
		if (!only_open || !ready->conditions[i].is_met)
			strbuf_addf(&sb, "%s%s", sb.len ? ", " : "",
				    ready->conditions[i].spec->arg);
	char *text = strbuf_detach(&sb);
	quote_plain(text);
	return text;
}

/* The first that is not met, or NULL. */
static struct condition *first_open(struct ready *ready)
{
	for (size_t i = 0; i < ready->plan->wait_count; i++)
		if (!ready->conditions[i].is_met)
			return &ready->conditions[i];
	return NULL;
}

void ready_hand_over(struct ready *ready, const char *who)
{
	ready->is_handed_over = true;
	event_remove(ready->loop, &ready->progress);
	ready->report->ready(ready->report->context, who, elapsed(ready));
}

void ready_met(struct condition *c)
{
	struct ready *ready = c->ready;

	if (!is_open(ready))
		return;
	c->is_met = true;
	struct condition *open = first_open(ready);
	if (open && open->kind->last)
		open->kind->last(open);
	if (open)
		return;
	ready->answer = READY_YES;
	if (!c->kind->last) {
		cleanup_free char *what = names(ready, false);
		ready->report->ready(ready->report->context, what,
				     elapsed(ready));
	}
	/* Not here: the caller may be a source that would go. */
	ready->verdict.due = event_now();
}

static void set_failure(struct ready *ready, int status, const char *reason)
{
	ready->status = status;
	ready->is_sign = false;
	snprintf(ready->reason, sizeof(ready->reason), "%s", reason);
	quote_plain(ready->reason);
	ready->answer = READY_FAILING;
}

void ready_fail(struct ready *ready, int status, const char *fmt, ...)
{
	va_list ap;

	if (!is_open(ready))
		return;
	va_start(ap, fmt);
	cleanup_free char *reason = xvasprintf(fmt, ap);
	va_end(ap);
	set_failure(ready, status, reason);
	ready->verdict.due = event_now();
}

/* The end of a failure's moment, or of everything. */
static void give_verdict(struct event_source *source, short revents)
{
	struct ready *ready = source->context;

	(void)revents;
	if (ready->answer == READY_FAILING)
		ready->answer = ready->end_guest(ready->context) ? READY_NO
								 : READY_OPEN;
	if (ready->answer == READY_OPEN)
		ready->status = 0;
	stop_watching(ready);
	if (ready->is_command_done)
		ready->power_off(ready->context);
}

/* Of the first condition that knows. */
static const char *find_reason(const struct ready *ready)
{
	const char *reason = NULL;

	for (size_t i = 0; !reason && i < ready->plan->wait_count; i++) {
		struct condition *c = &ready->conditions[i];

		if (!c->is_met && c->kind->why_not)
			reason = c->kind->why_not(c);
	}
	return reason;
}

static void take_timeout(struct event_source *source, short revents)
{
	struct ready *ready = source->context;
	cleanup_free char *open = names(ready, true);
	const char *reason = find_reason(ready);

	(void)revents;
	ready_fail(ready, EXIT_TIMEOUT, "still waiting for %s after %g s%s%s",
		   open, ready->plan->timeout_ms / 1000.0, reason ? ": " : "",
		   reason ? reason : "");
}

/* With these the user looks at the guest, or gives it another chance. */
static bool goes_on_after_panic(const struct ready *ready)
{
	return ready->plan->on_panic == PANIC_PAUSE ||
	       ready->plan->on_panic == PANIC_REBOOT;
}

static void take_event(struct qmp_listener *listener, const char *event,
		       const json_t *data)
{
	struct ready *ready = listener->context;

	(void)data;
	if (!is_open(ready) || !str_eq(event, "GUEST_PANICKED") ||
	    goes_on_after_panic(ready))
		return;
	set_failure(ready, EXIT_PANIC, "the guest panicked");
	ready->is_sign = true;
	ready->verdict.due = event_now() + VERDICT_MS;
}

/* ---- the console -----------------------------------------------------------
 */

static void report_progress(struct ready *ready)
{
	char stage[BOOT_STAGE_MAX];
	const char *last =
		console_text_tail(&ready->text, ready->text.tail_count - 1);
	struct run_progress progress = {
		.stage = boot_signs_stage(&ready->signs, stage, sizeof(stage)),
		.line = last ? last : "",
		.ms = elapsed(ready),
	};

	if (ready->is_handed_over)
		return;
	progress.is_new_stage = !str_eq(stage, ready->stage);
	snprintf(ready->stage, sizeof(ready->stage), "%s", stage);
	if (progress.is_new_stage || ready->report->interval_ms)
		ready->report->progress(ready->report->context, &progress);
}

static void take_interval(struct event_source *source, short revents)
{
	struct ready *ready = source->context;

	(void)revents;
	report_progress(ready);
	source->due = event_now() + ready->report->interval_ms;
}

/* The last lines of the console, a line each. */
static void show_tail(struct ready *ready)
{
	const char *line;

	for (size_t i = 0; (line = console_text_tail(&ready->text, i)); i++)
		strbuf_addf(&ready->shown, "%s\n", line);
}

static void show_line(struct ready *ready, const char *line)
{
	if (*line && ready->shown_after++ < SHOWN_AFTER)
		strbuf_addf(&ready->shown, "%s\n", line);
}

/* More may follow that says why, so it is not the end yet. */
static void note_failure(struct ready *ready)
{
	const struct boot_signs *signs = &ready->signs;
	bool is_panic = signs->failure == BOOT_FAILURE_PANIC;

	if (is_panic && goes_on_after_panic(ready))
		ready->signs.failure = BOOT_FAILURE_NONE;
	if (signs->failure == BOOT_FAILURE_NONE)
		return;
	if (ready->answer == READY_OPEN) {
		ready->verdict.due = event_now() + VERDICT_MS;
		show_tail(ready);
	} else if (ready->answer != READY_FAILING || !ready->is_sign) {
		return;
	}
	set_failure(ready, is_panic ? EXIT_PANIC : EXIT_NOT_READY,
		    signs->reason);
	ready->is_sign = true;
}

static void ask_conditions(struct ready *ready, const char *line,
			   bool is_prompt)
{
	for (size_t i = 0; i < ready->plan->wait_count; i++) {
		struct condition *c = &ready->conditions[i];

		if (is_open(ready) && !c->is_met && c->kind->line)
			c->kind->line(c, line, is_prompt);
	}
}

static void take_line(void *context, const char *line)
{
	struct ready *ready = context;

	if (ready->shown.len > 0)
		show_line(ready, line);
	boot_signs_line(&ready->signs, line);
	/* A text that is waited for may be that of a failure. */
	ask_conditions(ready, line, false);
	note_failure(ready);
}

static void take_quiet(struct event_source *source, short revents)
{
	struct ready *ready = source->context;
	const char *line = console_text_rest(&ready->text);

	(void)revents;
	boot_signs_prompt(&ready->signs, line);
	ask_conditions(ready, line, true);
	note_failure(ready);
	if (is_open(ready))
		report_progress(ready);
}

void ready_console(struct ready *ready, const char *data, size_t len)
{
	if (!ready->is_watching)
		return;
	console_text_feed(&ready->text, data, len, take_line, ready);
	ready->quiet.due = *console_text_rest(&ready->text)
				   ? event_now() + QUIET_MS
				   : EVENT_NEVER;
	if (is_open(ready))
		report_progress(ready);
}

/* ---- beginning and end -----------------------------------------------------
 */

static void add_timer(struct ready *ready, struct event_source *source,
		      int64_t due,
		      void (*call)(struct event_source *source, short revents))
{
	*source = (struct event_source){
		.fd = -1, .due = due, .call = call, .context = ready
	};
	event_add(ready->loop, source);
}

void ready_start(struct ready *ready)
{
	const struct plan *plan = ready->plan;
	unsigned int interval = ready->report->interval_ms;

	if (plan->wait_count == 0)
		return;
	ready->is_watching = true;
	ready->started = event_now();
	add_timer(ready, &ready->timeout,
		  plan->timeout_ms ? ready->started + plan->timeout_ms
				   : EVENT_NEVER,
		  take_timeout);
	add_timer(ready, &ready->verdict, EVENT_NEVER, give_verdict);
	add_timer(ready, &ready->quiet, EVENT_NEVER, take_quiet);
	add_timer(ready, &ready->progress,
		  interval ? ready->started + interval : EVENT_NEVER,
		  take_interval);
	ready->listener =
		(struct qmp_listener){ .event = take_event, .context = ready };
	qmp_link_listen(ready->link, &ready->listener);
	ready->conditions =
		xcalloc(plan->wait_count, sizeof(*ready->conditions));
	for (size_t i = 0; i < plan->wait_count; i++)
		ready->conditions[i] = (struct condition){
			.ready = ready,
			.spec = &plan->waits[i],
			.kind = kind_of(&plan->waits[i]),
		};
	for (size_t i = 0; i < plan->wait_count; i++)
		if (ready->conditions[i].kind->start)
			ready->conditions[i].kind->start(&ready->conditions[i]);
	if (ready->conditions[0].kind->last)
		ready->conditions[0].kind->last(&ready->conditions[0]);
}

/* QEMU ended while the answer was open: what is waited for can still have been
 * just that. */
static void judge_end(struct ready *ready, const struct outcome *outcome)
{
	for (size_t i = 0; i < ready->plan->wait_count; i++)
		if (ready->conditions[i].spec->kind == WAIT_EXIT)
			ready_met(&ready->conditions[i]);
	if (ready->answer != READY_OPEN)
		return;
	cleanup_free char *open = names(ready, true);
	cleanup_free char *reason =
		xasprintf("QEMU ended%s%s%s while waiting for %s",
			  *outcome->reason ? " (" : "", outcome->reason,
			  *outcome->reason ? ")" : "", open);
	int status = outcome_exit_status(outcome);
	set_failure(ready, status ? status : EXIT_NOT_READY, reason);
}

void ready_finish(struct ready *ready, struct outcome *outcome)
{
	if (ready->is_watching && ready->answer == READY_OPEN &&
	    !outcome->stop_signal)
		judge_end(ready, outcome);
	stop_watching(ready);
	outcome->is_command_done = ready->is_command_done;
	outcome->command_status = ready->command_status;
	if (ready->answer != READY_FAILING && ready->answer != READY_NO)
		return;
	outcome->failure_status = ready->status;
	/* 1 is for the command to say. */
	if (ready->plan->command.text && ready->status == EXIT_NOT_READY)
		outcome->failure_status = EXIT_HOST;
	outcome->failure = xstrdup(ready->reason);
	if (ready->shown.len == 0)
		show_tail(ready);
	show_line(ready, console_text_rest(&ready->text));
	outcome->last_lines = strbuf_detach(&ready->shown);
}

void ready_done(struct ready *ready)
{
	stop_watching(ready);
	strbuf_done(&ready->shown);
	free(ready->conditions);
	ready->conditions = NULL;
}
