/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_log.h"

#include "check.h"

#define FIRST "2026-11-23T01:31:42.007Z "
#define SECOND "2026-11-23T01:31:43.999Z "

/* A line has the time at which it began, in whatever pieces it comes. */
static void test_stamps(void **state)
{
	const struct timespec first = { 1795397502, 7999999 };
	const struct timespec second = { 1795397503, 999000000 };
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct log_lines lines = { 0 };

	(void)state;
	assert_int_equal(strlen(FIRST), LOG_STAMP_LEN);
	log_lines_add(&lines, "one\r\nt", 6, &first, &out);
	log_lines_add(&lines, "", 0, &second, &out);
	log_lines_add(&lines, "wo", 2, &second, &out);
	log_lines_add(&lines, "\n", 1, &second, &out);
	log_lines_add(&lines, "\n\033[0mthree", 10, &second, &out);
	check_text("log", strbuf_str(&out),
		   FIRST "one\r\n" FIRST "two\n" SECOND "\n" SECOND
			 "\033[0mthree");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stamps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
