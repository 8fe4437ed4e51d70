/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include "check.h"

#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct {
	const char *a, *b;
	size_t distance;
} distances[] = {
	{ "", "", 0 },
	{ "", "abc", 3 },
	{ "cache", "cache", 0 },
	{ "cach", "cache", 1 }, /* insert */
	{ "cachee", "cache", 1 }, /* delete */
	{ "cacke", "cache", 1 }, /* replace */
	{ "cahce", "cache", 1 }, /* swap of neighbours */
	{ "ca", "abc", 3 }, /* a swapped pair is not edited again */
	{ "kitten", "sitting", 3 },
	{ "Cache", "cache", 1 },
	{ SIXTY "123", SIXTY "123", 0 },
	{ SIXTY "123", "", 63 },
	{ SIXTY "1234", SIXTY "1234", SIZE_MAX },
	{ "a", SIXTY "1234", SIZE_MAX },
};

static void test_distance(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(distances); i++) {
		const char *a = distances[i].a, *b = distances[i].b;

		check_number(a, (long long)suggest_distance(a, b),
			     (long long)distances[i].distance);
		check_number(b, (long long)suggest_distance(b, a),
			     (long long)distances[i].distance);
	}
}

static const char *const WORDS[] = { "cache", "serial",	 "format",
				     "mac",   "macaddr", "unit" };

/* The nearest of WORDS, or none where nothing is near enough to be meant. */
static const struct {
	const char *word;
	const char *best;
} suggestions[] = {
	{ "cahce", "cache" },
	{ "cach", "cache" },
	{ "seriall", "serial" },
	{ "fromat", "format" },
	{ "maccaddr", "macaddr" },
	{ "mca", "mac" },
	{ "cache", "cache" },
	{ "units", "unit" },
	{ "zzz", NULL },
	{ "", NULL },
	{ "x", NULL },
	{ "hostfwd", NULL },
	{ "sxrxaxl", NULL },
	{ SIXTY "1234", NULL },
};

static void test_offer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(suggestions); i++) {
		struct suggest s = SUGGEST_INIT(suggestions[i].word);

		for (size_t j = 0; j < ARRAY_SIZE(WORDS); j++)
			suggest_offer(&s, WORDS[j]);
		check_text(suggestions[i].word, s.best, suggestions[i].best);
	}
}

/* Of two that are equally near, the first stays. */
static void test_first_wins(void **state)
{
	struct suggest s = SUGGEST_INIT("iops_r");

	(void)state;
	suggest_offer(&s, "iops_rd");
	suggest_offer(&s, "iops_wr");
	suggest_offer(&s, "iops_rx");
	assert_string_equal(s.best, "iops_rd");
	suggest_offer(&s, "iops_r");
	assert_string_equal(s.best, "iops_r");
}

/* One letter instead of another is another word, and no slip. */
static void test_single_letter(void **state)
{
	struct suggest s = SUGGEST_INIT("x");

	(void)state;
	suggest_offer(&s, "y");
	assert_null(s.best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_offer),
		cmocka_unit_test(test_first_wins),
		cmocka_unit_test(test_single_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
