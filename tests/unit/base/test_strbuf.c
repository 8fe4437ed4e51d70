/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strbuf.h"

#include <stdlib.h>

#include "check.h"

static void test_empty(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	assert_string_equal(strbuf_str(&sb), "");
	strbuf_consume(&sb, 0);
	assert_string_equal(strbuf_str(&sb), "");
	char *s = strbuf_detach(&sb);
	assert_string_equal(s, "");
	free(s);
	strbuf_done(&sb);
	strbuf_done(&sb);
}

static void test_add(void **state)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_addstr(&sb, "ab");
	strbuf_addch(&sb, 'c');
	strbuf_addf(&sb, "%d%s", 4, "");
	strbuf_add(&sb, "x\0y", 3);
	strbuf_add(&sb, NULL, 0);
	assert_int_equal(sb.len, 7);
	assert_memory_equal(strbuf_str(&sb), "abc4x\0y", 8);
}

static void test_growth(void **state)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	(void)state;
	for (int i = 0; i < 10000; i++)
		strbuf_addch(&sb, (char)('a' + i % 26));
	assert_int_equal(sb.len, 10000);
	assert_int_equal(strlen(strbuf_str(&sb)), 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(sb.buf[i], 'a' + i % 26);
}

static void test_consume(void **state)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_addstr(&sb, "abcdef");
	strbuf_consume(&sb, 2);
	assert_string_equal(strbuf_str(&sb), "cdef");
	assert_int_equal(sb.len, 4);
	strbuf_addch(&sb, 'g');
	strbuf_consume(&sb, 5);
	assert_string_equal(strbuf_str(&sb), "");
	assert_int_equal(sb.len, 0);
}

static void test_detach(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_addstr(&sb, "mine");
	char *s = strbuf_detach(&sb);
	assert_string_equal(s, "mine");
	assert_string_equal(strbuf_str(&sb), "");
	strbuf_addstr(&sb, "new");
	assert_string_equal(s, "mine");
	assert_string_equal(strbuf_str(&sb), "new");
	strbuf_done(&sb);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),  cmocka_unit_test(test_add),
		cmocka_unit_test(test_growth), cmocka_unit_test(test_consume),
		cmocka_unit_test(test_detach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
