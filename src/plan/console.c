/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/console.h"

#include <errno.h>

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

/*
 * With -nographic QEMU itself would put port and monitor on one terminal. So
 * that the keys of its multiplexer (Ctrl-A x, Ctrl-A c) stay, it is QEMU's own,
 * on the socket.
 */
static void add_port(struct plan *plan, const struct run_spec *spec)
{
	int socket = plan_add_fd(plan, PLAN_FD_CONSOLE)->number;
	bool is_stdio = plan->console.is_stdio;

	plan_add_arg(plan, "-chardev",
		     xasprintf("socket,id=xkvm-console,fd=%d%s", socket,
			       is_stdio ? ",mux=on" : ""));
	plan_add_arg(plan, "-serial", xstrdup("chardev:xkvm-console"));
	if (is_stdio && !spec->passthrough.names_monitor)
		plan_add_arg(plan, "-mon", xstrdup("chardev=xkvm-console"));
	/* With -nographic, the monitor would be on standard output. */
	if (spec->command.text && !spec->passthrough.names_monitor)
		plan_add_arg(plan, "-monitor", xstrdup("none"));
}

int console_add(struct plan *plan, const struct run_spec *spec,
		const struct facts *facts, struct err *err)
{
	if (spec->wait_count == 0)
		return 0;
	if (spec->passthrough.names_serial)
		return check_serial(spec, err);
	plan->console.is_ours = true;
	/* Standard output is the command's, where there is one to run. */
	plan->console.is_stdio = is_nographic(plan, spec) &&
				 !spec->command.text;
	add_port(plan, spec);
	if (plan->console.is_stdio) {
		/* What is typed is the guest's, by way of this process. */
		plan->owns_terminal = facts->stdout_is_tty && plan->uses_curses;
		plan->console.reads_stdin = !plan->is_stdin_empty;
		plan->is_stdin_empty = true;
	}
	return 0;
}
