/* SPDX-License-Identifier: Apache-2.0 */
#include "run/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

static nlink_t links(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_nlink;
}

/* Until it is finished nobody sees it. */
static void test_finish(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "new");
	struct new_file file = NEW_FILE_INIT;
	struct err err;

	(void)state;
	check_ok("open", new_file_open(path, &file, &err), &err);
	assert_int_equal(write(file.fd, "x", 1), 1);
	assert_int_equal(access(path, F_OK), -1);
	check_ok("finish", new_file_finish(&file, &err), &err);
	assert_true(new_file_has_name(file.fd, path));
	new_file_done(&file);
	assert_int_equal(folder_count(test_folder), 1);
}

static void test_unfinished(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "new");
	struct new_file file = NEW_FILE_INIT;
	struct err err;

	(void)state;
	check_ok("open", new_file_open(path, &file, &err), &err);
	new_file_done(&file);
	new_file_done(&file);
	assert_int_equal(file.fd, -1);
	assert_int_equal(folder_count(test_folder), 0);
}

/* Neither the one that came meanwhile is replaced, nor is it removed. */
static void test_taken(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "new");
	cleanup_free char *message =
		xasprintf("cannot create '%s': File exists", path);
	struct new_file file = NEW_FILE_INIT;
	struct err err;

	(void)state;
	check_ok("open", new_file_open(path, &file, &err), &err);
	cleanup_free char *other =
		folder_file(test_folder, "new", "other", 5, 0600);
	check_error("taken", new_file_finish(&file, &err), &err, -EEXIST,
		    message);
	assert_false(new_file_has_name(file.fd, path));
	new_file_remove(&file);
	assert_int_equal(access(path, F_OK), 0);
	new_file_done(&file);
}

static void test_remove(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "new");
	struct new_file file = NEW_FILE_INIT;
	struct err err;

	(void)state;
	check_ok("open", new_file_open(path, &file, &err), &err);
	check_ok("finish", new_file_finish(&file, &err), &err);
	new_file_remove(&file);
	assert_int_equal(folder_count(test_folder), 0);
	new_file_done(&file);
}

static void test_nameless(void **state)
{
	cleanup_free char *missing = folder_path(test_folder, "no");
	cleanup_free char *message =
		xasprintf("cannot make a file in the folder '%s': No such "
			  "file or directory",
			  missing);
	cleanup_free char *self = NULL;
	struct err err;
	struct stat st;
	int fd = -1;

	(void)state;
	check_error("missing", new_file_nameless(missing, &fd, &err), &err,
		    -ENOENT, message);
	check_ok("nameless", new_file_nameless(test_folder, &fd, &err), &err);
	assert_int_equal(folder_count(test_folder), 0);
	assert_int_equal(links(fd), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	/* Nor can it be given one. */
	cleanup_free char *path = folder_path(test_folder, "name");
	self = xasprintf("/proc/self/fd/%d", fd);
	assert_int_equal(
		linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW), -1);
	close_fd(&fd);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_finish), TEST(test_unfinished), TEST(test_taken),
		TEST(test_remove), TEST(test_nameless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
