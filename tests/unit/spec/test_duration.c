/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/duration.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *text;
	unsigned int ms;
} good[] = {
	{ "0", 0 },
	{ "90", 90000 },
	{ "90s", 90000 },
	{ "5m", 300000 },
	{ "1h", 3600000 },
	{ "7d", DURATION_MAX_MS },
	{ "250ms", 250 },
	{ "1.5m", 90000 },
	{ "0.025h", 90000 },
	{ "0.5", 500 },
	{ "0.0001", 1 }, /* rounded up */
	{ "0.00000000000000000001s", 0 }, /* what is beyond is cut off */
	{ "007", 7000 },
	{ "604800.000", DURATION_MAX_MS },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		unsigned int ms = 1234;
		struct err err;

		check_ok(good[i].text, duration_parse(good[i].text, &ms, &err),
			 &err);
		check_number(good[i].text, ms, good[i].ms);
	}
}

#define GIVE "give a time, such as 90, 90s, 5m or 1h"
#define LESS "give a time of up to 7d"

static const struct {
	const char *text, *message;
} bad[] = {
	{ "", GIVE },
	{ "s", GIVE },
	{ "-1", GIVE },
	{ "+1", GIVE },
	{ " 1", GIVE },
	{ "1 ", GIVE },
	{ "1 s", GIVE },
	{ "1S", GIVE },
	{ "1sec", GIVE },
	{ "1m30s", GIVE },
	{ "1e3", GIVE },
	{ "0x10", GIVE },
	{ ".5", GIVE },
	{ "5.", GIVE },
	{ "1.2.3", GIVE },
	{ "nan", GIVE },
	{ "604801", LESS },
	{ "604800.001", LESS },
	{ "169h", LESS },
	{ "8d", LESS },
	{ "18446744073709551616", LESS },
	{ "99999999999999999999999999d", LESS },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		unsigned int ms = 1234;
		struct err err;

		check_error(bad[i].text, duration_parse(bad[i].text, &ms, &err),
			    &err, -EINVAL, bad[i].message);
		check_number(bad[i].text, ms, 1234);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
