/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_text.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "check.h"

static void add_line(void *context, const char *line)
{
	strbuf_addf(context, "%s|", line);
}

/* Bytes, the lines that they are, and what is left unfinished. */
static const struct {
	const char *data, *lines, *rest;
} rows[] = {
	{ "", "", "" },
	{ "one\ntwo\r\nthree", "one|two|", "three" },
	{ "\n\r\n  \n", "", "" },
	{ "tail  \n", "tail|", "" },
	{ "debian login: ", "", "debian login: " },
	/* A carriage return begins the line anew when something follows. */
	{ "10%\r20%\r100%\n", "100%|", "" },
	{ "loading\r", "", "loading" },
	{ "loading\r\r\n", "loading|", "" },
	/* Escape sequences. */
	{ "\033[0;32m  OK  \033[0m] x\n", "  OK  ] x|", "" },
	{ "[\033[0;1;31mFAILED\033[0m] y\n", "[FAILED] y|", "" },
	{ "\033]0;a title\007root@x# ", "", "root@x# " },
	{ "\033]0;a title\033\\text\n", "text|", "" },
	{ "\033(Btext\033=\n", "text|", "" },
	{ "\033[?25l\033[Kx\n", "x|", "" },
	/* Those that go elsewhere end a line. */
	{ "menu\033[2;1Hentry\033[2J", "menu|entry|", "" },
	/* None goes over the end of a line. */
	{ "\033[12\nnext\n", "next|", "" },
	{ "\033]0;never ends\nnext\n", "next|", "" },
	/* Other control characters. */
	{ "a\tb\001c\177d\n", "a bcd|", "" },
	{ "abc\b\bx\n\b", "ax|", "" },
	{ "\xc3\xa4\n", "\xc3\xa4|", "" },
};

static void check_row(size_t i, size_t piece)
{
	struct console_text text = { 0 };
	cleanup_strbuf struct strbuf lines = STRBUF_INIT;
	size_t len = strlen(rows[i].data);

	for (size_t at = 0; at < len; at += piece)
		console_text_feed(&text, rows[i].data + at,
				  len - at < piece ? len - at : piece, add_line,
				  &lines);
	check_text(rows[i].data, strbuf_str(&lines), rows[i].lines);
	check_text(rows[i].data, console_text_rest(&text), rows[i].rest);
}

/* At once, and byte by byte. */
static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(i, 1000);
		check_row(i, 1);
	}
}

static void test_zero(void **state)
{
	struct console_text text = { 0 };
	cleanup_strbuf struct strbuf lines = STRBUF_INIT;

	(void)state;
	console_text_feed(&text, "a\0b\n", 4, add_line, &lines);
	assert_string_equal(strbuf_str(&lines), "ab|");
}

static void test_long_line(void **state)
{
	struct console_text text = { 0 };
	cleanup_strbuf struct strbuf lines = STRBUF_INIT;

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		console_text_feed(&text, "x", 1, add_line, &lines);
	assert_int_equal(strlen(console_text_rest(&text)), CONSOLE_LINE_MAX);
	console_text_feed(&text, "\nnext\n", 6, add_line, &lines);
	assert_int_equal(lines.len, CONSOLE_LINE_MAX + strlen("|next|"));
	assert_int_equal(strlen(console_text_tail(&text, 0)), CONSOLE_TAIL_MAX);
}

static void test_tail(void **state)
{
	struct console_text text = { 0 };
	cleanup_strbuf struct strbuf lines = STRBUF_INIT;

	(void)state;
	assert_null(console_text_tail(&text, 0));
	console_text_feed(&text, "one\n\ntwo\nthree", 13, add_line, &lines);
	check_text("0", console_text_tail(&text, 0), "one");
	check_text("1", console_text_tail(&text, 1), "two");
	assert_null(console_text_tail(&text, 2));
	for (int i = 0; i < 30; i++) {
		char line[16];

		snprintf(line, sizeof(line), "\nline %d", i);
		console_text_feed(&text, line, strlen(line), add_line, &lines);
	}
	/* The thirtieth is not finished. */
	check_text("first", console_text_tail(&text, 0), "line 17");
	check_text("last", console_text_tail(&text, CONSOLE_TAIL - 1),
		   "line 28");
	assert_null(console_text_tail(&text, CONSOLE_TAIL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
