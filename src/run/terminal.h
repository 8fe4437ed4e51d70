/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal that QEMU has while it runs. QEMU puts it into raw mode and
 * makes its descriptors non-blocking; when it dies it may leave both so, and
 * the shell shares them. What was there before is kept here and put back.
 */
#ifndef XKVM_RUN_TERMINAL_H
#define XKVM_RUN_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

struct terminal_state {
	int flags[3]; /* F_GETFL of 0, 1 and 2; -1: closed */
	struct termios mode; /* of the terminal, where there is one */
};

struct terminal {
	int fd; /* 0, 1 or 2: the one that is a terminal; -1: none is */
	struct terminal_state ours;
	struct terminal_state qemus; /* while it is stopped */
	bool is_raw; /* xkvm itself has made it so, for the guest */
};

/* Notes the state of descriptors 0, 1 and 2. */
void terminal_save(struct terminal *terminal);

/* Puts the saved state back. Touches the mode only where this process is in
 * the terminal's foreground: it is another's otherwise. */
void terminal_restore(const struct terminal *terminal);

/* Leaves the full-screen mode in which a dead curses display left a
 * terminal. */
void terminal_leave_curses(const struct terminal *terminal);

/*
 * Makes it raw, so that each key, Ctrl-C included, is the guest's. From the
 * background that is not for us to do: this process then gets SIGTTOU, as it
 * would by tcsetattr(3). Nothing where standard input is no terminal.
 */
void terminal_make_raw(struct terminal *terminal);

/* This process was continued, perhaps in the foreground now. */
void terminal_continue(const struct terminal *terminal);

/* Ctrl-Z: gives the shell its terminal back, and QEMU its own afterwards. */
void terminal_suspend(struct terminal *terminal);
void terminal_resume(const struct terminal *terminal);

#endif
