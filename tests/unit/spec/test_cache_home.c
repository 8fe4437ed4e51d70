/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/cache_home.h"

#include "base/mem.h"
#include "check.h"

static void test_cache_home(void **state)
{
	static const struct {
		const char *xdg, *home, *want;
	} rows[] = {
		{ "/c", "/h", "/c" },	   { NULL, "/h", "/h/.cache" },
		{ "", "/h", "/h/.cache" }, { "relative", "/h", "/h/.cache" },
		{ "/c", NULL, "/c" },	   { NULL, NULL, NULL },
		{ "relative", "", NULL },  { NULL, "relative", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *home = cache_home(rows[i].xdg, rows[i].home);

		check_text(rows[i].xdg, home, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cache_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
