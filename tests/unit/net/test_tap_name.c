/* SPDX-License-Identifier: Apache-2.0 */
#include "tap_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *text;
	bool is_valid;
	bool is_prefix;
} cases[] = {
	{ "a", true, true },
	{ "web0", true, true },
	{ "Web.0_a-b", true, true },
	{ "abcdefghijklmno", true, true },
	{ "abcdefghijklmnop", false, false },
	{ "", false, false },
	{ "0", false, false },
	{ "123", false, false },
	{ "-a", false, false },
	{ ".", false, false },
	{ "..", false, false },
	{ "_a", false, false },
	{ "a b", false, false },
	{ "a/b", false, false },
	{ "a:b", false, false },
	{ "a%d", false, false },
	{ "a*", false, false },
	{ "a\n", false, false },
	{ "a\303\274", false, false },
	{ "all", false, true },
	{ "all0", true, true },
	{ "default", false, true },
	{ "Default", true, true },
	{ "xk0123456789", false, true },
	{ "xkabcdefabcd", false, true },
	{ "xkABCDEFABCD", true, true },
	{ "xk012345678", true, true },
	{ "xk01234567890", true, true },
	{ "xk012345678g", true, true },
	{ "xkvm0", true, true },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *text = cases[i].text;
		const size_t len = strlen(text);

		if (tap_name_is_valid(text, len) != cases[i].is_valid ||
		    tap_name_is_prefix(text, len) != cases[i].is_prefix)
			fail_msg("'%s'", text);
	}
}

/* It may stand in a longer text, and a terminator is no part of it. */
static void test_length(void **state)
{
	(void)state;
	assert_true(tap_name_is_valid("web 0", 3));
	assert_false(tap_name_is_valid("web", 4));
	assert_false(tap_name_is_prefix("a", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
