/* SPDX-License-Identifier: Apache-2.0 */
#include "host/own_folder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

static bool is_letter(const char *name)
{
	return name[1] == '\0' && *name != '.';
}

/* What is listed is sorted, however the file system has it. */
static void test_list(void **state)
{
	static const char *const names[] = { "c", "more", "a", "b" };
	cleanup_strv struct strv found = STRV_INIT;
	char *folder = folder_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		cleanup_free char *path =
			folder_file(folder, names[i], "", 0, 0600);
	}
	cleanup_close int fd = -1;
	assert_int_equal(chmod(folder, 0700), 0);
	fd = own_folder_open(folder);
	assert_true(fd >= 0);
	assert_true(own_folder_list(fd, is_letter, &found));
	assert_int_equal(found.count, 3);
	assert_string_equal(found.items[0], "a");
	assert_string_equal(found.items[1], "b");
	assert_string_equal(found.items[2], "c");
	folder_remove(folder);
}

static void test_not_ours(void **state)
{
	char *folder = folder_new();
	cleanup_free char *missing = folder_path(folder, "missing");
	cleanup_free char *link = folder_path(folder, "link");

	(void)state;
	assert_int_equal(own_folder_open(missing), -ENOENT);
	assert_int_equal(symlink(folder, link), 0);
	assert_int_equal(own_folder_open(link), -ENOTDIR);
	assert_int_equal(chmod(folder, 0770), 0);
	assert_int_equal(own_folder_open(folder), -EPERM);
	assert_int_equal(chmod(folder, 0707), 0);
	assert_int_equal(own_folder_open(folder), -EPERM);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
