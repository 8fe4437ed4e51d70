/* SPDX-License-Identifier: Apache-2.0 */
#include "run/program_words.h"

#include <unistd.h>

#include "check.h"

static const struct {
	const char *said;
	const char *last; /* or NULL */
} rows[] = {
	{ "", NULL },	    { "\n\n", NULL },	       { "one", "one" },
	{ "one\n", "one" }, { "one\ntwo\n\n", "two" }, { "one\nt\x1bo", "t?o" },
};

static void test_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].said;
		struct err err;
		int fd = -1;

		check_ok(row, program_words_open(&fd, &err), &err);
		assert_int_equal(write(fd, row, strlen(row)),
				 (ssize_t)strlen(row));
		cleanup_free char *last = program_words_last(fd);
		check_text(row, last, rows[i].last);
		close_fd(&fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
