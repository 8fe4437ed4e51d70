/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a serial console as lines of text: what a person would see, more
 * or less, without the colours. Bytes go in, lines come out; no I/O.
 *
 * Escape sequences (ECMA-48) go, and so do control characters. One that places
 * the cursor ends the line. A carriage return begins the line anew, as progress
 * bars do. A line is cut at CONSOLE_LINE_MAX bytes, and empty ones are left
 * out.
 */
#ifndef XKVM_RUN_CONSOLE_TEXT_H
#define XKVM_RUN_CONSOLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define CONSOLE_LINE_MAX 512
#define CONSOLE_TAIL 12
#define CONSOLE_TAIL_MAX 255

enum console_escape {
	ESCAPE_NONE,
	ESCAPE_BEGUN, /* ESC */
	ESCAPE_CHARSET, /* ESC ( and its like: one more byte */
	ESCAPE_CONTROL, /* ESC [ up to a letter */
	ESCAPE_STRING, /* ESC ] up to BEL or ESC \ */
};

struct console_text {
	char line[CONSOLE_LINE_MAX + 1]; /* the one that grows */
	size_t len;
	bool is_returned; /* the last byte was a carriage return */
	enum console_escape escape;
	/* The last whole lines, cut again; the newest is at `newest`. */
	char tail[CONSOLE_TAIL][CONSOLE_TAIL_MAX + 1];
	size_t newest, tail_count;
};

/* `line` is called for each line that has come to its end. */
void console_text_feed(struct console_text *text, const char *data, size_t len,
		       void (*line)(void *context, const char *line),
		       void *context);

/* The unfinished line, a prompt perhaps; "" where there is none. */
const char *console_text_rest(const struct console_text *text);

/* Whole line number `i` of the last ones, 0 being the oldest; NULL beyond
 * them. */
const char *console_text_tail(const struct console_text *text, size_t i);

#endif
