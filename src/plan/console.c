/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/console.h"

#include <errno.h>

bool console_is_wanted(const struct run_spec *spec)
{
	return spec->wait_count > 0 || spec->on_panic != PANIC_UNSAID ||
	       console_spec_option(&spec->console);
}

/* The condition that cannot be told without the console, or NULL. */
static const struct wait_spec *needy_wait(const struct run_spec *spec)
{
	for (size_t i = 0; i < spec->wait_count; i++)
		if (wait_spec_needs_console(&spec->waits[i]))
			return &spec->waits[i];
	return NULL;
}

/* The user's -serial is the user's. */
static int check_serial(const struct run_spec *spec, struct err *err)
{
	const struct wait_spec *wait = needy_wait(spec);
	const char *option = console_spec_option(&spec->console);

	if (option)
		return err_set(err, -EINVAL,
			       "%s is about the guest's serial console, and an "
			       "argument after '--' says where that goes; "
			       "leave one of them out",
			       option);
	if (wait)
		return err_set(err, -EINVAL,
			       "--wait '%s' reads the guest's serial console, "
			       "and an argument after '--' says where that "
			       "goes; leave it out",
			       wait->arg);
	return 0;
}

/* Whether -nographic is among QEMU's arguments, the user's or ours. */
static bool is_nographic(const struct plan *plan, const struct run_spec *spec)
{
	return spec->passthrough.is_nographic ||
	       strv_has(&plan->argv, "-nographic");
}

static void choose_place(struct plan *plan, const struct run_spec *spec)
{
	const struct console_spec *from = &spec->console;
	struct plan_console *console = &plan->console;

	*console = (struct plan_console){
		.is_ours = true,
		.place = from->place,
		.path = from->path ? xstrdup(from->path) : NULL,
		.log = from->log ? xstrdup(from->log) : NULL,
		.log_has_times = from->log_has_times,
		.log_appends = from->log_appends,
	};
	/* Standard output is the command's, where there is one to run. */
	if (from->place == CONSOLE_UNSAID && is_nographic(plan, spec) &&
	    !spec->command.text)
		console->place = CONSOLE_STDIO;
	console->is_stdio = console->place == CONSOLE_STDIO;
	if (!console->is_stdio)
		return;
	/* What is typed is the guest's, by way of this process. */
	console->reads_stdin = !plan->is_stdin_empty;
	plan->is_stdin_empty = true;
}

/*
 * With -nographic QEMU itself would put port and monitor on one terminal. So
 * that the keys of its multiplexer (Ctrl-A x, Ctrl-A c) stay, it is QEMU's own,
 * on the socket. Where the port goes elsewhere, no monitor takes the terminal.
 */
static void add_port(struct plan *plan, const struct run_spec *spec)
{
	int socket = plan_add_fd(plan, PLAN_FD_CONSOLE)->number;
	bool is_stdio = plan->console.is_stdio;

	plan_add_arg(plan, "-chardev",
		     xasprintf("socket,id=xkvm-console,fd=%d%s", socket,
			       is_stdio ? ",mux=on" : ""));
	plan_add_arg(plan, "-serial", xstrdup("chardev:xkvm-console"));
	if (spec->passthrough.names_monitor)
		return;
	if (is_stdio)
		plan_add_arg(plan, "-mon", xstrdup("chardev=xkvm-console"));
	else if (is_nographic(plan, spec))
		plan_add_arg(plan, "-monitor", xstrdup("none"));
}

int console_add(struct plan *plan, const struct run_spec *spec,
		const struct facts *facts, struct err *err)
{
	if (!console_is_wanted(spec))
		return 0;
	if (spec->passthrough.names_serial)
		return check_serial(spec, err);
	if (spec->command.text && spec->console.place == CONSOLE_STDIO)
		return err_set(err, -EINVAL,
			       "--run and --console stdio exclude each other: "
			       "standard output is the command's; use "
			       "--console-log FILE");
	choose_place(plan, spec);
	/* Without a screen, so that the firmware is on the console, too. */
	if (spec->console.place == CONSOLE_STDIO &&
	    !spec->passthrough.names_output &&
	    !strv_has(&plan->argv, "-nographic"))
		plan_add_arg(plan, "-nographic", NULL);
	add_port(plan, spec);
	plan->owns_terminal = (facts->stdin_is_tty && !plan->is_stdin_empty) ||
			      (facts->stdout_is_tty && plan->uses_curses);
	return 0;
}
