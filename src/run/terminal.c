/* SPDX-License-Identifier: Apache-2.0 */
#include "run/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static bool is_in_foreground(int tty)
{
	return tcgetpgrp(tty) == getpgrp();
}

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
	if (tty >= 0 && is_in_foreground(tty))
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

void terminal_make_raw(struct terminal *terminal)
{
	if (!isatty(STDIN_FILENO))
		return;
	terminal->is_raw = true;
	if (is_in_foreground(STDIN_FILENO))
		terminal_continue(terminal);
	else
		raise(SIGTTOU);
}

/* The output is still processed: what is said on standard error has no
 * carriage returns. */
void terminal_continue(const struct terminal *terminal)
{
	struct termios mode = terminal->ours.mode;

	if (!terminal->is_raw || !is_in_foreground(STDIN_FILENO))
		return;
	cfmakeraw(&mode);
	mode.c_oflag |= OPOST;
	tcsetattr(STDIN_FILENO, TCSANOW, &mode);
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
