/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cache_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

#define MACHINE "x86_64"

struct scene {
	char *home, *folder, *program;
	struct qemu_cache cache;
};

static void open_cache(struct scene *s)
{
	qemu_cache_open(&s->cache, s->program, MACHINE);
	assert_non_null(s->cache.file);
}

/* There is no folder of xkvm's yet. */
static void set_up(struct scene *s)
{
	s->home = folder_new();
	s->folder = folder_path(s->home, "xkvm");
	s->program = folder_file(s->home, "qemu", "\177ELF", 4, 0755);
	assert_int_equal(setenv("XDG_CACHE_HOME", s->home, 1), 0);
	open_cache(s);
}

static void tear_down(struct scene *s)
{
	qemu_cache_done(&s->cache);
	cleanup_free_p(&s->folder);
	cleanup_free_p(&s->program);
	folder_remove(s->home);
}

static void learn(struct scene *s, const char *name, const char *item)
{
	strv_add(list_set_put(&s->cache.learned, name), item);
}

static void store(struct scene *s)
{
	struct err err;

	check_ok("store", cache_store(&s->cache, &err), &err);
}

static void reopen(struct scene *s)
{
	qemu_cache_done(&s->cache);
	open_cache(s);
}

static void check_known(const struct scene *s, const char *name,
			const char *item)
{
	struct list list;

	assert_true(lists_find(&s->cache.known, name, &list));
	assert_int_equal(list.count, 1);
	check_text(name, list_item(&list, 0), item);
}

static void check_mode(const char *path, mode_t want)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	check_number(path, st.st_mode & 07777, want);
}

/* The folder and the file are made, and what is learned later is added. */
static void test_store(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	learn(&s, "drive", "aio");
	learn(&s, "tap", "old");
	store(&s);
	check_mode(s.folder, 0700);
	cleanup_free char *path = folder_path(s.folder, s.cache.file);
	check_mode(path, 0600);
	assert_int_equal(folder_count(s.folder), 1);

	reopen(&s);
	check_known(&s, "drive", "aio");
	learn(&s, "user", "ipv6");
	learn(&s, "tap", "new");
	store(&s);
	reopen(&s);
	check_known(&s, "drive", "aio");
	check_known(&s, "user", "ipv6");
	check_known(&s, "tap", "new");
	assert_int_equal(folder_count(s.folder), 1);
	tear_down(&s);
}

/* ~/.cache itself may be missing, but its parents are not made. */
static void test_base_folder(void **state)
{
	struct scene s;
	struct err err;

	(void)state;
	set_up(&s);
	cleanup_free char *base = folder_path(s.home, "base");
	setenv("XDG_CACHE_HOME", base, 1);
	reopen(&s);
	learn(&s, "drive", "aio");
	store(&s);
	check_mode(base, 0700);

	cleanup_free char *deep = folder_path(s.home, "deep/base");
	setenv("XDG_CACHE_HOME", deep, 1);
	reopen(&s);
	learn(&s, "drive", "aio");
	cleanup_free char *message =
		xasprintf("cannot write to the folder '%s/xkvm': No such file "
			  "or directory",
			  deep);
	check_error(deep, cache_store(&s.cache, &err), &err, -ENOENT, message);
	assert_int_equal(folder_count(s.home), 2);
	tear_down(&s);
}

/* root, with the HOME of another user. */
static void test_foreign_home(void **state)
{
	struct scene s;
	struct err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	set_up(&s);
	learn(&s, "drive", "aio");
	assert_int_equal(chown(s.home, 1, 1), 0);
	assert_int_equal(cache_store(&s.cache, &err), -EPERM);
	assert_int_equal(folder_count(s.home), 1);
	assert_int_equal(mkdir(s.folder, 0700), 0);
	assert_int_equal(chown(s.folder, 1, 1), 0);
	assert_int_equal(cache_store(&s.cache, &err), -EPERM);
	assert_int_equal(folder_count(s.folder), 0);
	tear_down(&s);
}

/* Another one writes: it is left alone, unless it was killed long ago. */
static void test_busy(void **state)
{
	const struct timespec long_ago[2] = { { 1, 0 }, { 1, 0 } };
	struct scene s;
	struct err err;

	(void)state;
	set_up(&s);
	learn(&s, "drive", "aio");
	assert_int_equal(mkdir(s.folder, 0700), 0);
	cleanup_free char *name = xasprintf("%s.new", s.cache.file);
	cleanup_free char *path = folder_file(s.folder, name, "half", 4, 0600);
	assert_int_equal(cache_store(&s.cache, &err), -EAGAIN);
	assert_int_equal(folder_count(s.folder), 1);
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	store(&s);
	assert_int_equal(folder_count(s.folder), 1);
	reopen(&s);
	check_known(&s, "drive", "aio");
	tear_down(&s);
}

/* What is there and is no file of ours is replaced. */
static void test_damaged(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	assert_int_equal(mkdir(s.folder, 0700), 0);
	cleanup_free char *path =
		folder_file(s.folder, s.cache.file, "junk", 4, 0666);
	reopen(&s);
	learn(&s, "drive", "aio");
	store(&s);
	reopen(&s);
	check_known(&s, "drive", "aio");
	check_mode(path, 0600);
	tear_down(&s);
}

#define WRITERS 20
#define ROUNDS 50

static int write_often(struct scene *s, unsigned int number)
{
	struct err err;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		reopen(s);
		/* Whoever looks sees a file that is whole, or none. */
		if (i > 0 && s->cache.block && s->cache.known.count == 0)
			return 1;
		cleanup_free char *name = xasprintf("%u of %u", i, number);
		learn(s, name, "x");
		int r = cache_store(&s->cache, &err);
		if (r < 0 && r != -EAGAIN)
			return 2;
	}
	return 0;
}

static void test_many_at_once(void **state)
{
	struct scene s;
	pid_t pids[WRITERS];

	(void)state;
	set_up(&s);
	for (unsigned int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			_exit(write_often(&s, i));
	}
	for (size_t i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(folder_count(s.folder), 1);
	reopen(&s);
	assert_true(s.cache.known.count > 1);
	tear_down(&s);
}

static void test_clear(void **state)
{
	struct scene s;
	struct err err;
	size_t count = 7;

	(void)state;
	set_up(&s);
	check_ok("none", cache_clear(s.folder, &count, &err), &err);
	assert_int_equal(count, 0);
	learn(&s, "drive", "aio");
	store(&s);
	cleanup_free char *new =
		folder_file(s.folder, "qemu-1.new", "half", 4, 0600);
	cleanup_free char *other =
		folder_file(s.folder, "notes", "mine", 4, 0600);
	check_ok("clear", cache_clear(s.folder, &count, &err), &err);
	assert_int_equal(count, 2);
	assert_int_equal(folder_count(s.folder), 1);
	assert_int_equal(unlink(other), 0);
	check_ok("folder", cache_clear(s.folder, &count, &err), &err);
	assert_int_equal(access(s.folder, F_OK), -1);
	tear_down(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_base_folder),
		cmocka_unit_test(test_foreign_home),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
