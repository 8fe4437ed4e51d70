/* SPDX-License-Identifier: Apache-2.0 */
#include "run/setup_apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

static void check_content(const char *path, const char *want, mode_t mode)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buf[256] = "";
	struct stat st;

	assert_true(read(fd, buf, sizeof(buf) - 1) >= 0);
	check_text(path, buf, want);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static int apply_file(enum setup_step_kind kind, char *path,
		      const char *content, struct err *err)
{
	cleanup_free char *copy = xstrdup(content);
	const struct setup_step step = { .kind = kind,
					 .path = path,
					 .content = copy };

	return setup_apply(&step, err);
}

static void test_create(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "list");
	cleanup_free char *message =
		xasprintf("cannot create '%s': File exists", path);
	mode_t mask = umask(0077);
	struct err err;

	(void)state;
	check_ok("new", apply_file(SETUP_CREATE, path, "allow br0\n", &err),
		 &err);
	umask(mask);
	check_content(path, "allow br0\n", 0644);
	check_error("again", apply_file(SETUP_CREATE, path, "other\n", &err),
		    &err, -EEXIST, message);
	check_content(path, "allow br0\n", 0644);
	assert_int_equal(folder_count(test_folder), 1);
}

static void test_append(void **state)
{
	cleanup_free char *path =
		folder_file(test_folder, "list", "a\n", 2, 0640);
	cleanup_free char *link = folder_path(test_folder, "link");
	cleanup_free char *half =
		folder_file(test_folder, "half", "a", 1, 0644);
	struct err err;

	(void)state;
	check_ok("more", apply_file(SETUP_APPEND, path, "b\n", &err), &err);
	check_content(path, "a\nb\n", 0640);
	assert_int_equal(apply_file(SETUP_APPEND, half, "b\n", &err), -EIO);
	check_content(half, "a", 0644);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(apply_file(SETUP_APPEND, link, "c\n", &err), -ELOOP);
	check_content(path, "a\nb\n", 0640);
	assert_int_equal(folder_count(test_folder), 3);
}

static int run(const char *const words[], struct err *err)
{
	struct setup_step step = { .kind = SETUP_RUN };

	for (size_t i = 0; words[i]; i++)
		strv_add(&step.argv, words[i]);
	int r = setup_apply(&step, err);
	strv_done(&step.argv);
	return r;
}

static void test_run(void **state)
{
	cleanup_free char *path = folder_path(test_folder, "made here");
	const char *const touch[] = { "touch", path, NULL };
	const char *const fails[] = { "sh", "-c", "exit 3", NULL };
	const char *const dies[] = { "sh", "-c", "kill -9 $$", NULL };
	const char *const none[] = { "no-such-program", NULL };
	struct err err;

	(void)state;
	check_ok("touch", run(touch, &err), &err);
	assert_int_equal(access(path, F_OK), 0);
	check_error("status", run(fails, &err), &err, -EIO,
		    "'sh -c 'exit 3'' ended with status 3");
	check_error("signal", run(dies, &err), &err, -EIO,
		    "'sh -c 'kill -9 $$'' was ended by signal 9");
	check_error("none", run(none, &err), &err, -ENOENT,
		    "'no-such-program' is not installed, or not in the PATH");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_create, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_append, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_run, folder_set_up,
						folder_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
