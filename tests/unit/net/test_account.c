/* SPDX-License-Identifier: Apache-2.0 */
/* By what each host has: root, and names and numbers that nobody has. */
#include "account.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define NOBODYS_NAME "no-such-name-here"
#define NOBODYS_UID 4294900000U

static void test_find(void **state)
{
	uid_t uid = 7;
	gid_t gid = 7;

	(void)state;
	assert_int_equal(account_find_uid("root", &uid), 0);
	assert_int_equal(uid, 0);
	assert_int_equal(account_find_gid("root", &gid), 0);
	assert_int_equal(gid, 0);
	uid = 7;
	assert_int_equal(account_find_uid(NOBODYS_NAME, &uid), -ENOENT);
	assert_int_equal(account_find_uid("", &uid), -ENOENT);
	assert_int_equal(account_find_uid("roo", &uid), -ENOENT);
	assert_int_equal(account_find_uid("0", &uid), -ENOENT);
	assert_int_equal(account_find_gid(NOBODYS_NAME, &gid), -ENOENT);
	assert_int_equal(uid, 7);
}

static void test_root(void **state)
{
	struct account account;
	bool has_group = false;

	(void)state;
	assert_int_equal(account_read(0, &account), 0);
	assert_int_equal(account.uid, 0);
	assert_string_equal(account.name, "root");
	for (size_t i = 0; i < account.n_gids; i++)
		has_group = has_group || account.gids[i] == 0;
	assert_true(has_group);
	account_done(&account);
	assert_int_equal(account.n_gids, 0);
	account_done(&account);
}

/* Nobody's: a user all the same, in no group. */
static void test_nameless(void **state)
{
	struct account account;

	(void)state;
	assert_int_equal(account_read(NOBODYS_UID, &account), 0);
	assert_int_equal(account.uid, NOBODYS_UID);
	assert_string_equal(account.name, "");
	assert_int_equal(account.n_gids, 0);
	account_done(&account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_nameless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
