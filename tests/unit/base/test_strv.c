/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strv.h"

#include "check.h"

static void test_empty(void **state)
{
	struct strv v = STRV_INIT;

	(void)state;
	assert_false(strv_has(&v, ""));
	strv_done(&v);
	strv_done(&v);
	assert_int_equal(v.count, 0);
	assert_null(v.items);
}

/* The list can be handed to exec(3) after each addition. */
static void test_terminated(void **state)
{
	cleanup_strv struct strv v = STRV_INIT;

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		strv_addf(&v, "item %u", i);
		assert_int_equal(v.count, i + 1);
		assert_null(v.items[v.count]);
	}
	assert_string_equal(v.items[0], "item 0");
	assert_string_equal(v.items[99], "item 99");
}

static void test_remove(void **state)
{
	cleanup_strv struct strv v = STRV_INIT;

	(void)state;
	strv_remove(&v, "a");
	assert_int_equal(v.count, 0);
	strv_add(&v, "a");
	strv_add(&v, "b");
	strv_add(&v, "a");
	strv_add(&v, "c");
	strv_remove(&v, "a");
	assert_int_equal(v.count, 2);
	assert_string_equal(v.items[0], "b");
	assert_string_equal(v.items[1], "c");
	assert_null(v.items[2]);
	strv_remove(&v, "x");
	assert_int_equal(v.count, 2);
}

static void test_add_copies(void **state)
{
	cleanup_strv struct strv v = STRV_INIT;
	char text[] = "before";
	char *owned = xstrdup("owned");

	(void)state;
	strv_add(&v, text);
	memcpy(text, "after!", sizeof(text));
	strv_take(&v, owned);
	assert_string_equal(v.items[0], "before");
	assert_ptr_equal(v.items[1], owned);
}

static void test_unique(void **state)
{
	cleanup_strv struct strv v = STRV_INIT;

	(void)state;
	strv_add_unique(&v, "a");
	strv_add_unique(&v, "b");
	strv_add_unique(&v, "a");
	assert_int_equal(v.count, 2);
	assert_true(strv_has(&v, "a"));
	assert_true(strv_has(&v, "b"));
	assert_false(strv_has(&v, "A"));
	assert_false(strv_has(&v, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_terminated),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_add_copies),
		cmocka_unit_test(test_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
