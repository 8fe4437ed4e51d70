/* SPDX-License-Identifier: Apache-2.0 */
#include "run/watch.h"

#include <malloc.h>

#include "run/guest_command.h"

void watch_init(struct watch *ret, const struct plan *plan,
		const struct run_report *report)
{
	*ret = (struct watch){
		.plan = plan,
		.report = report,
		.link = QMP_LINK_INIT,
		.reach = { .agent = QGA_LINK_INIT },
	};
	console_hub_init(&ret->console);
	terminal_save(&ret->terminal);
}

static bool end_guest(void *context)
{
	struct watch *watch = context;

	return supervise_stop(&watch->supervision, STOP_QUIT);
}

/* The agent where there is one; and the power button, which it may not know
 * of. */
static void power_off(void *context)
{
	struct watch *watch = context;

	guest_command_power_off(&watch->reach);
	watch->supervision.ladder.grace_ms = watch->plan->command.power_off_ms;
	supervise_stop(&watch->supervision, STOP_POWERDOWN);
}

static void hear_console(void *context, const char *data, size_t len)
{
	struct watch *watch = context;

	ready_console(&watch->ready, data, len);
	panic_watch_console(&watch->panic, data, len);
}

static void start_console(struct watch *watch)
{
	watch->console.loop = &watch->loop;
	watch->console.report = watch->report;
	watch->console.terminal = &watch->terminal;
	watch->console.heard = hear_console;
	watch->console.context = watch;
	console_hub_start(&watch->console);
}

static void start_reach(struct watch *watch)
{
	watch->reach.plan = watch->plan;
	watch->reach.loop = &watch->loop;
	watch->reach.qmp = &watch->link;
	watch->reach.report = watch->report;
	reach_start(&watch->reach);
}

static void start_ready(struct watch *watch)
{
	watch->ready = (struct ready){
		.plan = watch->plan,
		.loop = &watch->loop,
		.link = &watch->link,
		.report = watch->report,
		.end_guest = end_guest,
		.power_off = power_off,
		.context = watch,
		.reach = &watch->reach,
	};
	ready_start(&watch->ready);
}

static void start_panic(struct watch *watch)
{
	watch->panic = (struct panic_watch){
		.action = watch->plan->on_panic,
		.loop = &watch->loop,
		.link = &watch->link,
		.report = watch->report,
		.end_guest = end_guest,
		.context = watch,
	};
	panic_watch_start(&watch->panic);
}

/* What came of each of them. */
static int finish(struct watch *watch, struct outcome *outcome, struct err *err)
{
	int r = 0;

	outcome->has_debug_exit = watch->plan->has_debug_exit;
	if (!outcome->is_unreaped)
		r = console_hub_finish(
			&watch->console, watch->supervision.signal_fd,
			outcome->stop_signal || watch->ready.answer == READY_NO,
			err);
	if (r < 0)
		return r;
	panic_watch_finish(&watch->panic, outcome);
	ready_finish(&watch->ready, outcome);
	if (watch->plan->uses_curses && outcome_death_signal(outcome))
		terminal_leave_curses(&watch->terminal);
	return 0;
}

int watch_qemu(struct watch *watch, struct process *qemu, int signal_fd,
	       struct outcome *ret, struct err *err)
{
	watch->supervision = (struct supervision){
		.loop = &watch->loop,
		.qemu = qemu,
		.link = &watch->link,
		.terminal = &watch->terminal,
		.signal_fd = signal_fd,
		.grace_ms = watch->plan->grace_ms,
	};
	start_console(watch);
	start_reach(watch);
	start_ready(watch);
	start_panic(watch);
	/* What planning took and gave back would stay with this process for
	 * days: a schema of QEMU's is some MiB in memory. */
	malloc_trim(0);
	int r = supervise(&watch->supervision, ret, err);
	if (r == 0)
		r = finish(watch, ret, err);
	terminal_restore(&watch->terminal);
	return r;
}

void watch_done(struct watch *watch)
{
	panic_watch_done(&watch->panic);
	ready_done(&watch->ready);
	reach_done(&watch->reach);
	console_hub_done(&watch->console);
	qmp_link_close(&watch->link);
	event_loop_done(&watch->loop);
}
