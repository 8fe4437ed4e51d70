/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lists.h"

#include <stdlib.h>

#include "check.h"

/* Three lists, one of them empty, not in order, with a string in two. */
static void fill(struct list_set *set)
{
	struct strv *list = list_set_put(set, "nvme");

	strv_add(list, "serial");
	strv_add(list, "addr");
	strv_add(list, "");
	list_set_put(set, "missing");
	list = list_set_put(set, "e1000");
	strv_add(list, "mac");
	strv_add(list, "addr");
}

static void *make_block(size_t *ret_size)
{
	cleanup_list_set struct list_set set = LIST_SET_INIT;

	fill(&set);
	return list_set_pack(&set, ret_size);
}

static void check_list(const struct lists *lists, const char *name,
		       const char *const *want, size_t count)
{
	struct list list;

	assert_true(lists_find(lists, name, &list));
	check_number(name, (long long)list.count, (long long)count);
	for (size_t i = 0; i < count; i++)
		check_text(name, list_item(&list, i), want[i]);
}

static void check_lists(const struct lists *lists)
{
	static const char *const nvme[] = { "serial", "addr", "" };
	static const char *const e1000[] = { "mac", "addr" };
	struct list list;

	check_list(lists, "nvme", nvme, ARRAY_SIZE(nvme));
	check_list(lists, "missing", NULL, 0);
	check_list(lists, "e1000", e1000, ARRAY_SIZE(e1000));
	assert_false(lists_find(lists, "", &list));
	assert_false(lists_find(lists, "e100", &list));
	assert_false(lists_find(lists, "zz", &list));
}

static void test_pack(void **state)
{
	size_t size;
	cleanup_free void *block = make_block(&size);
	struct lists lists;

	(void)state;
	assert_true(lists_open(&lists, block, size));
	assert_int_equal(lists.count, 3);
	check_lists(&lists);
}

static void test_names_are_sorted(void **state)
{
	static const char *const want[] = { "e1000", "missing", "nvme" };
	size_t size;
	cleanup_free void *block = make_block(&size);
	struct lists lists;
	const char *name;

	(void)state;
	assert_true(lists_open(&lists, block, size));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		lists_at(&lists, i, &name);
		assert_string_equal(name, want[i]);
	}
}

static void test_nothing(void **state)
{
	cleanup_list_set struct list_set set = LIST_SET_INIT;
	size_t size;
	cleanup_free void *block = list_set_pack(&set, &size);
	struct lists lists = { 0 };
	struct list list;

	(void)state;
	assert_false(lists_find(&lists, "nvme", &list));
	assert_true(lists_open(&lists, block, size));
	assert_int_equal(lists.count, 0);
	assert_false(lists_find(&lists, "nvme", &list));
}

/* The block as it is in memory of exactly its size. */
static bool opens(const void *block, size_t size)
{
	cleanup_free void *copy = xcalloc(1, size);
	struct lists lists;

	memcpy(copy, block, size);
	return lists_open(&lists, copy, size);
}

static void test_truncated(void **state)
{
	size_t size;
	cleanup_free void *block = make_block(&size);

	(void)state;
	for (size_t i = 0; i < size; i++)
		assert_false(opens(block, i));
	assert_true(opens(block, size));
}

static void test_longer(void **state)
{
	size_t size;
	cleanup_free void *block = make_block(&size);
	cleanup_free void *longer = xcalloc(1, size + 8);

	(void)state;
	memcpy(longer, block, size);
	assert_false(opens(longer, size + 8));
}

/* Every bit counts: one of the header, of an offset or of a text. */
static void test_flipped(void **state)
{
	size_t size;
	cleanup_free unsigned char *block = make_block(&size);

	(void)state;
	for (size_t i = 0; i < size * 8; i++) {
		unsigned char bit = (unsigned char)(1U << (i % 8));

		block[i / 8] ^= bit;
		assert_false(opens(block, size));
		block[i / 8] ^= bit;
	}
	assert_true(opens(block, size));
}

/* Another host's: the numbers are the other way round. */
static void test_byte_order(void **state)
{
	size_t size;
	cleanup_free unsigned char *block = make_block(&size);

	(void)state;
	for (size_t i = 8; i < size; i += 4)
		for (size_t j = 0; j < 2; j++) {
			unsigned char byte = block[i + j];

			block[i + j] = block[i + 3 - j];
			block[i + 3 - j] = byte;
		}
	assert_false(opens(block, size));
}

static void test_set(void **state)
{
	cleanup_list_set struct list_set set = LIST_SET_INIT;
	size_t size;
	cleanup_free void *block = make_block(&size);
	struct lists lists;

	(void)state;
	assert_true(lists_open(&lists, block, size));
	strv_add(list_set_put(&set, "nvme"), "new");
	list_set_add(&set, &lists);
	assert_int_equal(set.count, 3);
	/* What is there stays; the others come from the block. */
	assert_int_equal(list_set_find(&set, "nvme")->count, 1);
	assert_string_equal(list_set_find(&set, "e1000")->items[1], "addr");
	assert_null(list_set_find(&set, "nvm"));
	assert_int_equal(list_set_put(&set, "nvme")->count, 0);
	assert_int_equal(set.count, 3);
}

static void test_too_large(void **state)
{
	cleanup_list_set struct list_set set = LIST_SET_INIT;
	size_t size = 0;

	(void)state;
	strv_take(list_set_put(&set, "long"),
		  memset(xcalloc(1, LISTS_SIZE_MAX + 1), 'x', LISTS_SIZE_MAX));
	assert_null(list_set_pack(&set, &size));
	assert_int_equal(size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_names_are_sorted),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_longer),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_byte_order),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
