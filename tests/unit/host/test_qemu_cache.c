/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

#define MACHINE "x86_64"

/* A user's cache folder, with one of xkvm's in it, and a program. */
struct scene {
	char *home, *folder, *program;
};

static void set_up(struct scene *s)
{
	s->home = folder_new();
	s->folder = folder_path(s->home, "xkvm");
	s->program = folder_file(s->home, "qemu", "\177ELF and more", 13, 0755);
	assert_int_equal(mkdir(s->folder, 0700), 0);
	assert_int_equal(setenv("XDG_CACHE_HOME", s->home, 1), 0);
	unsetenv("QEMU_MODULE_DIR");
}

static void tear_down(struct scene *s)
{
	cleanup_free_p(&s->folder);
	cleanup_free_p(&s->program);
	folder_remove(s->home);
}

/* Whether the answer that keep() has written is known now. */
static bool knows(const struct scene *s)
{
	struct qemu_cache cache;
	struct list list;

	qemu_cache_open(&cache, s->program, MACHINE);
	bool is_known = lists_find(&cache.known, "drive", &list) &&
			list.count == 1 && str_eq(list_item(&list, 0), "aio");
	qemu_cache_done(&cache);
	return is_known;
}

/* Writes what run/cache_store.c would; returns the path of the file, owned by
 * the caller. */
static char *keep(const struct scene *s)
{
	cleanup_list_set struct list_set set = LIST_SET_INIT;
	struct qemu_cache cache;
	size_t size;

	qemu_cache_open(&cache, s->program, MACHINE);
	assert_non_null(cache.file);
	struct strv *program = list_set_put(&set, CACHE_PROGRAM);
	for (size_t i = 0; i < cache.identity.count; i++)
		strv_add(program, cache.identity.items[i]);
	strv_add(list_set_put(&set, "drive"), "aio");
	cleanup_free void *block = list_set_pack(&set, &size);
	cleanup_free char *old = folder_path(s->folder, cache.file);
	unlink(old);
	char *path = folder_file(s->folder, cache.file, block, size, 0600);
	qemu_cache_done(&cache);
	return path;
}

static void test_known(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	assert_false(knows(&s));
	cleanup_free char *path = keep(&s);
	assert_true(knows(&s));
	tear_down(&s);
}

/* The folder that the environment names, or none. */
static void test_folder_of_the_user(void **state)
{
	static const struct {
		const char *cache, *home, *folder;
	} rows[] = {
		{ "/c", "/h", "/c/xkvm" },
		{ NULL, "/h", "/h/.cache/xkvm" },
		{ "", "/h", "/h/.cache/xkvm" },
		{ "relative", "/h", "/h/.cache/xkvm" },
		{ NULL, NULL, NULL },
		{ "relative", "", NULL },
		{ NULL, "relative", NULL },
	};
	cleanup_free char *old = xstrdup(getenv("HOME") ? getenv("HOME") : "/");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsetenv("XDG_CACHE_HOME");
		unsetenv("HOME");
		if (rows[i].cache)
			setenv("XDG_CACHE_HOME", rows[i].cache, 1);
		if (rows[i].home)
			setenv("HOME", rows[i].home, 1);
		cleanup_free char *folder = qemu_cache_folder();
		check_text(rows[i].cache, folder, rows[i].folder);
	}
	setenv("HOME", old, 1);
}

/* A change of the program that its answers may have changed with. */
static void test_stale(void **state)
{
	struct scene s;
	struct stat st;

	(void)state;
	set_up(&s);
	cleanup_free char *path = keep(&s);
	assert_int_equal(stat(s.program, &st), 0);
	/* The same size and the old time of modification, as tar(1) or
	 * touch(1) would make it: the time of change tells. */
	cleanup_close int fd = open(s.program, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "m", 1, 12), 1);
	const struct timespec times[2] = { st.st_atim, st.st_mtim };
	assert_int_equal(futimens(fd, times), 0);
	assert_false(knows(&s));
	tear_down(&s);
}

/* Another file of the same name. */
static void test_replaced(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *path = keep(&s);
	cleanup_free char *other =
		folder_file(s.home, "new", "\177ELF and more", 13, 0755);
	assert_int_equal(rename(other, s.program), 0);
	assert_false(knows(&s));
	cleanup_free char *again = keep(&s);
	assert_string_equal(path, again);
	assert_true(knows(&s));
	tear_down(&s);
}

static void test_modules(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *modules = folder_path(s.home, "modules");
	assert_int_equal(mkdir(modules, 0755), 0);
	cleanup_free char *path = keep(&s);
	setenv("QEMU_MODULE_DIR", modules, 1);
	assert_false(knows(&s));
	cleanup_free char *again = keep(&s);
	assert_true(knows(&s));
	cleanup_free char *module =
		folder_file(modules, "hw-display-qxl.so", "", 0, 0644);
	assert_false(knows(&s));
	unsetenv("QEMU_MODULE_DIR");
	tear_down(&s);
}

/* A link to a program is the program. */
static void test_link(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *path = keep(&s);
	cleanup_free char *target = take_ptr(s.program);
	s.program = folder_path(s.home, "link");
	assert_int_equal(symlink(target, s.program), 0);
	assert_true(knows(&s));
	tear_down(&s);
}

static void test_not_trusted(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *path = keep(&s);
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(knows(&s));
	assert_int_equal(chmod(path, 0602), 0);
	assert_false(knows(&s));
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(knows(&s));
	assert_int_equal(chmod(s.folder, 0770), 0);
	assert_false(knows(&s));
	assert_int_equal(chmod(s.folder, 0700), 0);
	assert_true(knows(&s));
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 1, 0), 0);
		assert_false(knows(&s));
		assert_int_equal(chown(path, 0, 0), 0);
		assert_int_equal(chown(s.folder, 1, 0), 0);
		assert_false(knows(&s));
	}
	tear_down(&s);
}

/* What is there under the name of a file is no file. */
static void test_no_file(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *path = keep(&s);
	cleanup_free char *moved = folder_path(s.folder, "moved");
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(symlink(moved, path), 0);
	assert_false(knows(&s));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(knows(&s));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(knows(&s));
	assert_int_equal(rmdir(path), 0);
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_false(knows(&s)); /* empty */
	assert_int_equal(ftruncate(fd, LISTS_SIZE_MAX + 8), 0);
	assert_false(knows(&s)); /* too large */
	tear_down(&s);
}

static void test_damaged(void **state)
{
	struct scene s;
	char byte;

	(void)state;
	set_up(&s);
	cleanup_free char *path = keep(&s);
	cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(pread(fd, &byte, 1, 60), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 60), 1);
	assert_false(knows(&s));
	tear_down(&s);
}

/* A script may start another QEMU tomorrow. */
static void test_may_keep(void **state)
{
	struct qemu_cache cache;
	struct scene s;

	(void)state;
	set_up(&s);
	cleanup_free char *script =
		folder_file(s.home, "script", "#!/bin/sh\n", 10, 0755);
	qemu_cache_open(&cache, s.program, MACHINE);
	assert_true(qemu_cache_may_keep(&cache));
	qemu_cache_done(&cache);
	qemu_cache_open(&cache, script, MACHINE);
	assert_false(qemu_cache_may_keep(&cache));
	qemu_cache_done(&cache);
	qemu_cache_open(&cache, "/nonexistent", MACHINE);
	assert_false(qemu_cache_may_keep(&cache));
	qemu_cache_done(&cache);
	tear_down(&s);
}

static void test_entries(void **state)
{
	struct qemu_cache_entry *entries;
	struct scene s;
	size_t count;

	(void)state;
	set_up(&s);
	assert_null(qemu_cache_entries("/nonexistent", MACHINE, &count));
	assert_int_equal(count, 0);
	cleanup_free char *path = keep(&s);
	cleanup_free char *junk =
		folder_file(s.folder, "qemu-zzz", "junk", 4, 0600);
	cleanup_free char *other =
		folder_file(s.folder, "other", "junk", 4, 0600);
	entries = qemu_cache_entries(s.folder, MACHINE, &count);
	assert_int_equal(count, 2);
	assert_string_equal(strrchr(path, '/') + 1, entries[0].file);
	assert_true(entries[0].is_valid);
	assert_true(entries[0].is_fresh);
	assert_int_equal(entries[0].lists.count, 2);
	assert_string_equal(entries[1].file, "qemu-zzz");
	assert_int_equal(entries[1].size, 4);
	assert_false(entries[1].is_valid);
	qemu_cache_entries_free(entries, count);
	assert_int_equal(unlink(s.program), 0);
	entries = qemu_cache_entries(s.folder, MACHINE, &count);
	assert_true(entries[0].is_valid);
	assert_false(entries[0].is_fresh);
	qemu_cache_entries_free(entries, count);
	tear_down(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_folder_of_the_user),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_not_trusted),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_may_keep),
		cmocka_unit_test(test_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
