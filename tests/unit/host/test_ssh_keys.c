/* SPDX-License-Identifier: Apache-2.0 */
/* A real agent and real keys are for tests/cli/seed.bats. */
#include "host/ssh_keys.h"

#include "check.h"

#define TYPE "\0\0\0\13ssh-ed25519"
#define KEY TYPE "\0\0\0\4abcd" /* 15 + 8 bytes */
#define LINE "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAABGFiY2Q="

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
	const char *message;
	size_t len;
	bool is_answer;
	size_t count;
	const char *line; /* the last one */
} rows[] = {
	{ BYTES(""), false, 0, NULL },
	{ BYTES("\5"), false, 0, NULL }, /* SSH_AGENT_FAILURE */
	{ BYTES("\14"), false, 0, NULL },
	{ BYTES("\14\0\0\0\0"), true, 0, NULL },
	{ BYTES("\14\0\0\0\1\0\0\0\27" KEY "\0\0\0\2me"), true, 1, LINE " me" },
	{ BYTES("\14\0\0\0\1\0\0\0\27" KEY "\0\0\0\0"), true, 1, LINE },
	/* A comment that would be more than a line is left out. */
	{ BYTES("\14\0\0\0\1\0\0\0\27" KEY "\0\0\0\3a\nb"), true, 1, LINE },
	{ BYTES("\14\0\0\0\2\0\0\0\27" KEY "\0\0\0\0"
		"\0\0\0\27" KEY "\0\0\0\0"),
	  true, 1, LINE },
	/* Fewer than it says, and cut off. */
	{ BYTES("\14\0\0\0\2\0\0\0\27" KEY "\0\0\0\0"), false, 1, LINE },
	{ BYTES("\14\0\0\0\1\0\0\0\30" KEY), false, 0, NULL },
	{ BYTES("\14\0\0\0\1\377\377\377\377" KEY), false, 0, NULL },
	/* No key: an unknown type, and a type that is cut off. */
	{ BYTES("\14\0\0\0\1\0\0\0\7\0\0\0\3foo\0\0\0\0"), true, 0, NULL },
	{ BYTES("\14\0\0\0\1\0\0\0\4\0\0\0\3\0\0\0\0"), true, 0, NULL },
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		cleanup_strv struct strv keys = STRV_INIT;
		bool is_answer = ssh_agent_read_keys(rows[i].message,
						     rows[i].len, &keys);

		check_number(row, is_answer, rows[i].is_answer);
		check_number(row, (long long)keys.count,
			     (long long)rows[i].count);
		if (rows[i].line && keys.count > 0)
			check_text(row, keys.items[keys.count - 1],
				   rows[i].line);
	}
}

static void test_nothing_there(void **state)
{
	cleanup_strv struct strv keys = STRV_INIT;

	(void)state;
	host_find_ssh_keys(NULL, NULL, &keys);
	host_find_ssh_keys("/nonexistent/agent", "/nonexistent", &keys);
	assert_int_equal(keys.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_nothing_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
