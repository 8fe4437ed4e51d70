/* SPDX-License-Identifier: Apache-2.0 */
/* The event loop is real, and time is short; there is no QEMU. */
#include "run/ready.h"

#include <signal.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "check.h"

/* A wait, and what came of it. */
struct wait {
	struct wait_spec specs[3];
	struct plan plan;
	struct event_loop loop;
	struct qmp_link link;
	struct run_report report;
	struct ready ready;
	struct strbuf told; /* what was reported */
	bool may_end, is_ended;
	/* Written to the console after `console_ms`. */
	const char *console;
	struct event_source writer, finish;
};

static void on_progress(void *context, const struct run_progress *progress)
{
	struct wait *wait = context;

	if (progress->is_new_stage)
		strbuf_addf(&wait->told, "[%s]", progress->stage);
}

static void on_ready(void *context, const char *what, int64_t ms)
{
	struct wait *wait = context;

	assert_true(ms >= 0 && ms < 60000);
	strbuf_addf(&wait->told, "ready: %s", what);
	event_end(&wait->loop);
}

static bool on_end_guest(void *context)
{
	struct wait *wait = context;

	wait->is_ended = wait->may_end;
	event_end(&wait->loop);
	return wait->may_end;
}

static void write_console(struct event_source *source, short revents)
{
	struct wait *wait = source->context;

	(void)revents;
	ready_console(&wait->ready, wait->console, strlen(wait->console));
}

static void finish(struct event_source *source, short revents)
{
	struct wait *wait = source->context;

	(void)revents;
	event_end(&wait->loop);
}

static void begin(struct wait *wait, const char *const *conditions,
		  unsigned int timeout_ms)
{
	struct err err;

	*wait = (struct wait){ .link = QMP_LINK_INIT, .may_end = true };
	for (size_t i = 0; i < 3 && conditions[i]; i++) {
		check_ok(conditions[i],
			 wait_spec_parse(conditions[i], &wait->specs[i], &err),
			 &err);
		wait->plan.wait_count++;
	}
	wait->plan.waits = wait->specs;
	wait->plan.timeout_ms = timeout_ms;
	wait->report = (struct run_report){ .progress = on_progress,
					    .ready = on_ready,
					    .context = wait };
	wait->ready = (struct ready){ .plan = &wait->plan,
				      .loop = &wait->loop,
				      .link = &wait->link,
				      .report = &wait->report,
				      .end_guest = on_end_guest,
				      .context = wait };
	ready_start(&wait->ready);
}

static void run_for(struct wait *wait, const char *console, int ms)
{
	struct err err;

	wait->console = console;
	wait->writer = (struct event_source){ .fd = -1,
					      .due = console ? event_now()
							     : EVENT_NEVER,
					      .call = write_console,
					      .context = wait };
	wait->finish = (struct event_source){ .fd = -1,
					      .due = event_now() + ms,
					      .call = finish,
					      .context = wait };
	event_add(&wait->loop, &wait->writer);
	event_add(&wait->loop, &wait->finish);
	check_ok("run", event_run(&wait->loop, &err), &err);
	event_remove(&wait->loop, &wait->writer);
	event_remove(&wait->loop, &wait->finish);
}

/* QEMU has ended like this; what the run tells of it then. */
static struct outcome end(struct wait *wait, struct outcome outcome)
{
	ready_finish(&wait->ready, &outcome);
	ready_done(&wait->ready);
	for (size_t i = 0; i < 3; i++)
		wait_spec_done(&wait->specs[i]);
	event_loop_done(&wait->loop);
	return outcome;
}

static void done(struct wait *wait, struct outcome *outcome)
{
	strbuf_done(&wait->told);
	outcome_done(outcome);
}

#define LONG_MS 30000
#define SHORT_MS 300

/* What is waited for, what the guest writes, and what is told. */
static const struct {
	const char *conditions[3];
	const char *console, *told;
} met[] = {
	{ { "text:ab+c" }, "x\nxabbbc\ny\n", "ready: text:ab+c" },
	/* A prompt has no line end. */
	{ { "text:> $" }, "OK\r\n> ", "ready: text:> $" },
	{ { "boot" }, "debian login: ", "ready: boot" },
	{ { "boot" },
	  "[  OK  ] Reached target \033[0;1;39mMulti-User System\033[0m.\r\n",
	  "ready: boot" },
	{ { "text:two", "boot", "text:one" },
	  "one\ntwo\nlogin: ",
	  "ready: text:two, boot, text:one" },
	/* What is waited for is no failure. */
	{ { "text:panic" },
	  "Kernel panic - not syncing: x\n",
	  "ready: text:panic" },
};

static void test_met(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(met); i++) {
		const char *row = met[i].console;
		struct wait wait;

		begin(&wait, met[i].conditions, 0);
		run_for(&wait, row, LONG_MS);
		/* From here on nothing counts. */
		ready_console(&wait.ready, "Kernel panic - not syncing: z\n",
			      30);
		struct outcome outcome = end(&wait, (struct outcome){ 0 });
		check_text(row, strbuf_str(&wait.told), met[i].told);
		check_number(row, outcome_exit_status(&outcome), 0);
		check_text(row, outcome.failure, NULL);
		assert_false(wait.is_ended);
		done(&wait, &outcome);
	}
}

static const struct {
	const char *condition, *console;
	int status;
	const char *reason, *lines;
} failed[] = {
	{ "boot", "one\nKernel panic - not syncing: why\ntwo\nthree",
	  EXIT_PANIC, "Kernel panic - not syncing: why",
	  "one\nKernel panic - not syncing: why\ntwo\nthree\n" },
	{ "boot",
	  "Kernel panic - not syncing: why\n1\n2\n3\n4\n5\n6\n7\n8\nrest",
	  EXIT_PANIC, "Kernel panic - not syncing: why",
	  "Kernel panic - not syncing: why\n1\n2\n3\n4\n5\n6\n" },
	{ "exit", "Kernel panic - not syncing: why\n", EXIT_PANIC,
	  "Kernel panic - not syncing: why",
	  "Kernel panic - not syncing: why\n" },
	{ "boot", "(initramfs) ", EXIT_NOT_READY,
	  "the initial ram disk stopped at its shell", "(initramfs) \n" },
	/* What follows tells more. */
	{ "boot",
	  "You are in emergency mode.\n"
	  "Cannot open access to console, the root account is locked.\n",
	  EXIT_NOT_READY,
	  "emergency mode, without a shell: the root account is locked",
	  "You are in emergency mode.\n"
	  "Cannot open access to console, the root account is locked.\n" },
};

static void test_failed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failed); i++) {
		const char *conditions[3] = { failed[i].condition };
		const char *row = failed[i].console;
		struct wait wait;

		begin(&wait, conditions, 0);
		run_for(&wait, row, LONG_MS);
		assert_true(wait.is_ended);
		struct outcome outcome = end(&wait, (struct outcome){ 0 });
		check_number(row, outcome_exit_status(&outcome),
			     failed[i].status);
		check_text(row, outcome.failure, failed[i].reason);
		check_text(row, outcome.last_lines, failed[i].lines);
		done(&wait, &outcome);
	}
}

static void test_timeout(void **state)
{
	const char *conditions[3] = { "boot", "text:x", "exit" };
	struct wait wait;

	(void)state;
	begin(&wait, conditions, 100);
	run_for(&wait, "x\nand", LONG_MS);
	assert_true(wait.is_ended);
	struct outcome outcome = end(&wait, (struct outcome){ 0 });
	assert_int_equal(outcome_exit_status(&outcome), EXIT_TIMEOUT);
	check_text("timeout", outcome.failure,
		   "still waiting for boot, exit after 0.1 s");
	check_text("lines", outcome.last_lines, "x\nand\n");
	done(&wait, &outcome);
}

/* A signal ends the guest already: its status is what counts. */
static void test_stopped(void **state)
{
	const char *conditions[3] = { "boot" };
	struct wait wait;

	(void)state;
	begin(&wait, conditions, 50);
	wait.may_end = false;
	run_for(&wait, NULL, LONG_MS);
	struct outcome outcome =
		end(&wait, (struct outcome){ .stop_signal = SIGTERM });
	assert_int_equal(outcome_exit_status(&outcome), 128 + SIGTERM);
	check_text("stopped", outcome.failure, NULL);
	done(&wait, &outcome);
}

static const struct {
	const char *conditions[3];
	struct outcome outcome;
	int status;
	const char *told, *reason;
} ends[] = {
	{ { "exit" }, { 0 }, 0, "ready: exit", NULL },
	{ { "exit" }, { .wait_status = 7 << 8 }, 7, "ready: exit", NULL },
	{ { "exit", "boot" },
	  { .reason = "guest-shutdown" },
	  EXIT_NOT_READY,
	  "",
	  "QEMU ended (guest-shutdown) while waiting for boot" },
	{ { "boot" },
	  { .wait_status = 7 << 8 },
	  7,
	  "",
	  "QEMU ended while waiting for boot" },
	{ { "boot" },
	  { .wait_status = SIGKILL },
	  128 + SIGKILL,
	  "",
	  "QEMU ended while waiting for boot" },
	{ { "boot" }, { .stop_signal = SIGINT }, 128 + SIGINT, "", NULL },
	{ { "exit" }, { .stop_signal = SIGINT }, 128 + SIGINT, "", NULL },
};

static void test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const char *row = ends[i].conditions[0];
		struct wait wait;

		begin(&wait, ends[i].conditions, LONG_MS);
		struct outcome outcome = end(&wait, ends[i].outcome);
		check_number(row, outcome_exit_status(&outcome),
			     ends[i].status);
		check_text(row, strbuf_str(&wait.told), ends[i].told);
		check_text(row, outcome.failure, ends[i].reason);
		done(&wait, &outcome);
	}
}

/* QEMU tells of the panic; the console says which. */
static void test_panic_event(void **state)
{
	const char *conditions[3] = { "boot" };
	struct wait wait;

	(void)state;
	begin(&wait, conditions, 0);
	assert_non_null(wait.link.listeners);
	wait.link.listeners->event(wait.link.listeners, "RESUME", NULL);
	wait.link.listeners->event(wait.link.listeners, "GUEST_PANICKED", NULL);
	run_for(&wait, "Kernel panic - not syncing: why\n", LONG_MS);
	assert_null(wait.link.listeners);
	struct outcome outcome = end(&wait, (struct outcome){ 0 });
	assert_int_equal(outcome_exit_status(&outcome), EXIT_PANIC);
	check_text("panic", outcome.failure, "Kernel panic - not syncing: why");
	done(&wait, &outcome);
}

/* Stages are told when they change. */
static void test_progress(void **state)
{
	const char *conditions[3] = { "exit" };
	struct wait wait;

	(void)state;
	begin(&wait, conditions, 0);
	run_for(&wait, "SeaBIOS (version 1)\n", SHORT_MS);
	run_for(&wait, "more\n", SHORT_MS);
	run_for(&wait, "Linux version 6\nand", SHORT_MS);
	check_text("told", strbuf_str(&wait.told), "[firmware][kernel]");
	struct outcome outcome = end(&wait, (struct outcome){ 0 });
	done(&wait, &outcome);
}

/* Nothing is waited for: nothing is done, whatever comes. */
static void test_nothing(void **state)
{
	const char *conditions[3] = { NULL };
	struct wait wait;

	(void)state;
	begin(&wait, conditions, 0);
	assert_int_equal(wait.loop.count, 0);
	ready_console(&wait.ready, "Kernel panic - not syncing: x\n", 30);
	struct outcome outcome = end(&wait, (struct outcome){ 0 });
	assert_int_equal(outcome_exit_status(&outcome), 0);
	done(&wait, &outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_met),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_panic_event),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
