/* SPDX-License-Identifier: Apache-2.0 */
#include "host/library.h"

#include <errno.h>

#include "check.h"

struct table {
	size_t (*length)(const char *);
	void *more;
};

static void test_found(void **state)
{
	const struct library_function functions[] = {
		LIBRARY_FUNCTION(struct table, length, "strlen"),
	};
	struct table table = { 0 };
	struct err err;
	void *handle;

	(void)state;
	assert_int_equal(library_load("libc.so.6", functions, 1, &table,
				      &handle, &err),
			 0);
	assert_int_equal(table.length("four"), 4);
	assert_null(table.more);
	library_unload(handle);
}

static void test_missing(void **state)
{
	const struct library_function functions[] = {
		LIBRARY_FUNCTION(struct table, length, "no_such_function"),
	};
	struct table table;
	struct err err;
	void *handle;

	(void)state;
	assert_int_equal(library_load("libnowhere.so.0", functions, 1, &table,
				      &handle, &err),
			 -ENOTSUP);
	assert_non_null(strstr(err.text, "libnowhere.so.0"));
	assert_int_equal(library_load("libc.so.6", functions, 1, &table,
				      &handle, &err),
			 -ENOTSUP);
	assert_string_equal(err.text, "libc.so.6 has no no_such_function");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
