/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/console_spec.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *value;
	enum console_place place;
	const char *path, *name;
} places[] = {
	{ "stdio", CONSOLE_STDIO, NULL, "stdio" },
	{ "none", CONSOLE_NONE, NULL, "none" },
	{ "file:a,b:c", CONSOLE_FILE, "a,b:c", "file" },
	{ "socket", CONSOLE_SOCKET, NULL, "socket" },
	{ "socket:/run/x", CONSOLE_SOCKET, "/run/x", "socket" },
};

static void test_places(void **state)
{
	struct console_spec console = { 0 };
	struct err err;

	(void)state;
	assert_null(console_spec_option(&console));
	check_text("unsaid", console_place_name(CONSOLE_UNSAID), "");
	/* Each replaces the one before. */
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *row = places[i].value;

		check_ok(row, console_spec_set_place(&console, row, &err),
			 &err);
		check_number(row, console.place, places[i].place);
		check_text(row, console.path, places[i].path);
		check_text(row, console_place_name(console.place),
			   places[i].name);
		check_text(row, console_spec_option(&console), "--console");
	}
	console_spec_done(&console);
}

#define USE "use stdio, file:PATH, socket, socket:PATH or none"
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *value, *message;
} bad_places[] = {
	{ "", USE },
	{ "tty", USE },
	{ "stdio:", USE },
	{ "none:x", USE },
	{ "file", USE },
	{ "file:", "the path is empty" },
	{ "socket:", "the path is empty" },
	{ "socket:" HUNDRED "12345678",
	  "the path has 108 bytes; that of a socket can have 107" },
};

static void test_bad_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_places); i++) {
		struct console_spec console = { .place = CONSOLE_STDIO };
		struct err err;

		check_error(bad_places[i].value,
			    console_spec_set_place(&console,
						   bad_places[i].value, &err),
			    &err, -EINVAL, bad_places[i].message);
		assert_int_equal(console.place, CONSOLE_STDIO);
		assert_null(console.path);
	}
}

static const struct {
	const char *value, *file;
	bool has_times, appends;
} logs[] = {
	{ "x.log", "x.log", false, false },
	{ "x.log,timestamps=on", "x.log", true, false },
	{ "timestamps=on,append=on,file=a=b", "a=b", true, true },
	{ "a,,b,append=on,append=off", "a,b", false, false },
};

static void test_logs(void **state)
{
	struct console_spec console = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		const char *row = logs[i].value;

		check_ok(row, console_spec_set_log(&console, row, &err), &err);
		check_text(row, console.log, logs[i].file);
		check_number(row, console.log_has_times, logs[i].has_times);
		check_number(row, console.log_appends, logs[i].appends);
	}
	check_text("log", console_spec_option(&console), "--console-log");
	console_spec_done(&console);
}

#define UNKNOWN(word)                                                          \
	"unknown word '" word "'; there are timestamps=on and append=on, and " \
	"',,' is a comma of the file's name"

static const struct {
	const char *value, *message;
} bad_logs[] = {
	{ "",
	  "word 1 is empty (words are separated by one ','; ',,' is a comma "
	  "in a word)" },
	{ "file=", "give a file" },
	{ "append=on", "give a file" },
	{ "a,b", UNKNOWN("b") },
	{ "a,time=on", UNKNOWN("time=on") },
	{ "a,timestamps=yes", "timestamps=yes: use on or off" },
	{ "a,append", UNKNOWN("append") },
};

static void test_bad_logs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_logs); i++) {
		struct console_spec console = { .log_appends = true };
		struct err err;

		check_error(bad_logs[i].value,
			    console_spec_set_log(&console, bad_logs[i].value,
						 &err),
			    &err, -EINVAL, bad_logs[i].message);
		assert_true(console.log_appends);
		assert_null(console.log);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_bad_places),
		cmocka_unit_test(test_logs),
		cmocka_unit_test(test_bad_logs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
