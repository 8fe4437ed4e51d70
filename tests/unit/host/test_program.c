/* SPDX-License-Identifier: Apache-2.0 */
#include "host/program.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

/* Two folders: "one" has a program `p`, a file `q` that is none and a folder
 * `d`; "two" has programs `q` and `d`. */
static char *folder;

static void add_program(const char *name, mode_t mode)
{
	free(folder_file(folder, name, "", 0, mode));
}

static void add_folder(const char *name)
{
	cleanup_free char *path = folder_path(folder, name);

	assert_int_equal(mkdir(path, 0755), 0);
}

static int set_up(void **state)
{
	(void)state;
	folder = folder_new();
	add_folder("one");
	add_folder("two");
	add_folder("one/d");
	add_program("one/p", 0755);
	add_program("one/q", 0644);
	add_program("two/q", 0755);
	add_program("two/d", 0755);
	return chdir(folder);
}

static int tear_down(void **state)
{
	(void)state;
	folder_remove(folder);
	return 0;
}

static const struct {
	const char *path; /* PATH; NULL: not set */
	const char *name;
	const char *found;
} rows[] = {
	{ "one:two", "p", "one/p" },
	{ "two:one", "p", "one/p" },
	{ "one:two", "q", "two/q" }, /* only what can be executed */
	{ "one:two", "d", "two/d" }, /* a folder is no program */
	{ "one:two", "x", NULL },
	{ "one", "q", NULL },
	{ "one:two", "", NULL },
	/* A path is taken as it is. */
	{ "two", "one/p", "one/p" },
	{ "two", "./one/p", "./one/p" },
	{ "one", "one/q", NULL },
	{ "one", "one/d", NULL },
	{ "one", "one/none", NULL },
	{ "one", "/bin/sh", "/bin/sh" },
	/* An empty part of PATH is the working folder. */
	{ "", "p", NULL },
	{ "missing::two", "q", "two/q" },
	{ NULL, "sh", "/usr/bin/sh" },
};

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].path)
			setenv("PATH", rows[i].path, 1);
		else
			unsetenv("PATH");
		cleanup_free char *found = program_find(rows[i].name);
		check_text(rows[i].name, found, rows[i].found);
	}
}

static void test_working_folder(void **state)
{
	static const char *const paths[] = { "", "one:", ":one", "one::two" };

	(void)state;
	add_program("here", 0755);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		setenv("PATH", paths[i], 1);
		cleanup_free char *found = program_find("here");
		check_text(paths[i], found, "./here");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_working_folder),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
