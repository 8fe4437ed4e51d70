/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/ovsdb_path.h"

#include <errno.h>

#include "check.h"

#define TEN "/123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *path;
	const char *message; /* NULL: it is one */
} cases[] = {
	{ "/run/openvswitch/db.sock", NULL },
	{ "/a b,c", NULL },
	{ HUNDRED "/123456", NULL }, /* 107 bytes */
	{ HUNDRED "/1234567",
	  "--ovsdb '" TEN TEN TEN TEN "...' has 108 bytes; the path of a "
	  "socket has at most 107" },
	{ "", "--ovsdb '': give the whole path of the database's socket, such "
	      "as /run/openvswitch/db.sock" },
	{ "db.sock", "--ovsdb 'db.sock': give the whole path of the database's "
		     "socket, such as /run/openvswitch/db.sock" },
	{ "unix:/db.sock",
	  "--ovsdb 'unix:/db.sock': give the whole path of the database's "
	  "socket, such as /run/openvswitch/db.sock" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err;
		int r = ovsdb_path_check(cases[i].path, &err);

		if (cases[i].message)
			check_error(cases[i].path, r, &err, -EINVAL,
				    cases[i].message);
		else
			check_ok(cases[i].path, r, &err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
