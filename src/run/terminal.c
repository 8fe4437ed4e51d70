/* SPDX-License-Identifier: Apache-2.0 */
#include "run/terminal.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void read_state(int tty, struct terminal_state *state)
{
	for (int fd = 0; fd < 3; fd++)
		state->flags[fd] = fcntl(fd, F_GETFL);
	if (tty >= 0)
		tcgetattr(tty, &state->mode);
}

static void apply_state(int tty, const struct terminal_state *state)
{
	for (int fd = 0; fd < 3; fd++)
		if (state->flags[fd] >= 0)
			fcntl(fd, F_SETFL, state->flags[fd]);
	/* SIGTTOU is blocked while a guest runs, so this does not stop us:
	 * it must be asked whether the terminal is ours to change. */
	if (tty >= 0 && tcgetpgrp(tty) == getpgrp())
		tcsetattr(tty, TCSADRAIN, &state->mode);
}

void terminal_save(struct terminal *terminal)
{
	terminal->fd = -1;
	for (int fd = 2; fd >= 0; fd--)
		if (isatty(fd))
			terminal->fd = fd;
	read_state(terminal->fd, &terminal->ours);
}

void terminal_restore(const struct terminal *terminal)
{
	apply_state(terminal->fd, &terminal->ours);
}

void terminal_leave_curses(const struct terminal *terminal)
{
	/* ECMA-48 and xterm: no attributes, visible cursor, main screen. */
	static const char leave[] = "\033[0m\033[?25h\033[?1049l\r\n";

	if (terminal->fd >= 0 && isatty(STDOUT_FILENO) &&
	    write(STDOUT_FILENO, leave, strlen(leave)) < 0)
		return;
}

void terminal_suspend(struct terminal *terminal)
{
	read_state(terminal->fd, &terminal->qemus);
	apply_state(terminal->fd, &terminal->ours);
}

void terminal_resume(const struct terminal *terminal)
{
	apply_state(terminal->fd, &terminal->qemus);
}
