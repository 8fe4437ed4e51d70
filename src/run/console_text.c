/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_text.h"

#include <string.h>

#define ESC '\033'
#define BEL '\007'

const char *console_text_rest(const struct console_text *text)
{
	return text->line;
}

const char *console_text_tail(const struct console_text *text, size_t i)
{
	if (i >= text->tail_count)
		return NULL;
	size_t oldest = text->newest + CONSOLE_TAIL + 1 - text->tail_count;
	return text->tail[(oldest + i) % CONSOLE_TAIL];
}

static void clear_line(struct console_text *text)
{
	text->len = 0;
	text->line[0] = '\0';
}

static void keep_line(struct console_text *text)
{
	if (text->tail_count < CONSOLE_TAIL)
		text->tail_count++;
	text->newest = (text->newest + 1) % CONSOLE_TAIL;

	char *kept = text->tail[text->newest];
	size_t len = text->len < CONSOLE_TAIL_MAX ? text->len
						  : CONSOLE_TAIL_MAX;

	memcpy(kept, text->line, len);
	kept[len] = '\0';
}

static void end_line(struct console_text *text,
		     void (*line)(void *context, const char *line),
		     void *context)
{
	while (text->len > 0 && text->line[text->len - 1] == ' ')
		text->line[--text->len] = '\0';
	if (text->len > 0) {
		keep_line(text);
		line(context, text->line);
	}
	clear_line(text);
}

static void add_byte(struct console_text *text, char c)
{
	if (text->is_returned)
		clear_line(text);
	text->is_returned = false;
	if (text->len == CONSOLE_LINE_MAX)
		return;
	text->line[text->len++] = c;
	text->line[text->len] = '\0';
}

/* Cursor position and movement between lines, and the erasing of more than one
 * of them. */
static bool moves_line(char final)
{
	return final && strchr("ABEFHJdf", final);
}

/* Returns whether the byte belongs to an escape sequence. *ends_line is set
 * where that ends the line. */
static bool take_escape(struct console_text *text, char c, bool *ends_line)
{
	if (c == ESC) {
		text->escape = ESCAPE_BEGUN;
		return true;
	}
	switch (text->escape) {
	case ESCAPE_NONE:
		return false;
	case ESCAPE_BEGUN:
		if (c == '[')
			text->escape = ESCAPE_CONTROL;
		else if (c == ']' || c == 'P' || c == '_' || c == '^')
			text->escape = ESCAPE_STRING;
		else if (c >= 0x20 && c <= 0x2f)
			text->escape = ESCAPE_CHARSET;
		else
			text->escape = ESCAPE_NONE;
		return true;
	case ESCAPE_CHARSET:
		text->escape = ESCAPE_NONE;
		return true;
	case ESCAPE_CONTROL:
		if (c >= 0x40 && c <= 0x7e) {
			text->escape = ESCAPE_NONE;
			*ends_line = moves_line(c);
		}
		break;
	case ESCAPE_STRING:
		if (c == BEL)
			text->escape = ESCAPE_NONE;
		break;
	}
	/* No sequence goes over the end of a line. */
	if (c == '\n')
		text->escape = ESCAPE_NONE;
	return c != '\n';
}

void console_text_feed(struct console_text *text, const char *data, size_t len,
		       void (*line)(void *context, const char *line),
		       void *context)
{
	for (size_t i = 0; i < len; i++) {
		char c = data[i];
		bool ends_line = false;

		if (take_escape(text, c, &ends_line)) {
			if (ends_line)
				end_line(text, line, context);
		} else if (c == '\n') {
			text->is_returned = false;
			end_line(text, line, context);
		} else if (c == '\r') {
			text->is_returned = true;
		} else if (c == '\b') {
			if (text->len > 0)
				text->line[--text->len] = '\0';
		} else if (c == '\t') {
			add_byte(text, ' ');
		} else if ((unsigned char)c >= 0x20 && c != 0x7f) {
			add_byte(text, c);
		}
	}
}
