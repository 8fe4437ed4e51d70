/* SPDX-License-Identifier: Apache-2.0 */
#include "run/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "host/file_facts.h"
#include "namespaces.h"

#define NOBODY 65534
#define BIG ((off_t)4 << 20)

/* A store of variables: data, 3 MiB of nothing, data, and an odd end. */
static char *make_source(void)
{
	cleanup_free char *data = xcalloc(1, BIG + 7);

	memset(data, 'a', 100000);
	memset(data + BIG - 100000, 'b', 100000);
	memset(data + BIG, 'c', 7);
	return folder_file(test_folder, "source", data, BIG + 7, 0444);
}

static void check_same(int fd, const char *source)
{
	cleanup_close int from = open(source, O_RDONLY | O_CLOEXEC);
	cleanup_free char *a = xcalloc(1, BIG + 8);
	cleanup_free char *b = xcalloc(1, BIG + 8);

	assert_int_equal(pread(from, a, BIG + 8, 0), BIG + 7);
	assert_int_equal(pread(fd, b, BIG + 8, 0), BIG + 7);
	assert_memory_equal(a, b, BIG + 7);
}

static void check_sparse(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, BIG + 7);
	assert_true(st.st_blocks * 512 < BIG / 2);
}

static void test_nvram_file(void **state)
{
	cleanup_free char *source = make_source();
	cleanup_free char *path = folder_path(test_folder, "nvram");
	struct err err;

	(void)state;
	check_ok("create", prepare_nvram_file(path, source, 0, &err), &err);
	cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	check_same(fd, source);
	check_sparse(fd);
	assert_int_equal(folder_count(test_folder), 2);
}

/* Zeros fill it up; a size that it has already changes nothing. */
static void test_nvram_filled_up(void **state)
{
	cleanup_free char *source = make_source();
	cleanup_free char *path = folder_path(test_folder, "nvram");
	struct stat st;
	struct err err;
	int fd = -1;

	(void)state;
	check_ok("file", prepare_nvram_file(path, source, 3 * BIG, &err), &err);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 3 * BIG);
	assert_true(st.st_blocks * 512 < BIG);
	check_ok("memory", prepare_nvram_memory(source, 3 * BIG, &fd, &err),
		 &err);
	assert_int_equal(lseek(fd, 0, SEEK_END), 3 * BIG);
	close_fd(&fd);
	check_ok("as it is", prepare_nvram_memory(source, 1, &fd, &err), &err);
	assert_int_equal(lseek(fd, 0, SEEK_END), BIG + 7);
	close_fd(&fd);
}

/* The next start knows what it was made from. */
static void test_nvram_remembers(void **state)
{
	cleanup_free char *source = make_source();
	cleanup_free char *path = folder_path(test_folder, "nvram");
	struct file_facts file;
	struct err err;

	(void)state;
	check_ok("create", prepare_nvram_file(path, source, 0, &err), &err);
	host_look_at_file(path, &file);
	cleanup_free char *template = take_ptr(file.nvram_template);
	free(file.path);
	free(file.real_path);
	if (!template)
		skip(); /* the file system has no attributes */
	assert_string_equal(template, source);
}

/* A name without a folder is in the working folder. */
static void test_relative(void **state)
{
	cleanup_free char *source = make_source();
	struct err err;

	(void)state;
	assert_int_equal(chdir(test_folder), 0);
	check_ok("relative", prepare_nvram_file("nvram", source, 0, &err),
		 &err);
	assert_int_equal(access("nvram", R_OK | W_OK), 0);
	assert_int_equal(chdir("/"), 0);
}

/* Nothing is replaced: neither a file nor a link that leads nowhere. */
static void test_no_overwrite(void **state)
{
	cleanup_free char *source = make_source();
	cleanup_free char *taken =
		folder_file(test_folder, "taken", "x", 1, 0600);
	cleanup_free char *dangling = folder_path(test_folder, "dangling");
	cleanup_free char *message =
		xasprintf("cannot create '%s': File exists", taken);
	cleanup_free char *message2 =
		xasprintf("cannot create '%s': File exists", dangling);
	struct stat st;
	struct err err;

	(void)state;
	check_error("taken", prepare_nvram_file(taken, source, 0, &err), &err,
		    -EEXIST, message);
	assert_int_equal(stat(taken, &st), 0);
	assert_int_equal(st.st_size, 1);
	assert_int_equal(symlink("nowhere", dangling), 0);
	check_error("dangling", prepare_nvram_file(dangling, source, 0, &err),
		    &err, -EEXIST, message2);
	assert_int_equal(folder_count(test_folder), 3);
}

static void test_bad_places(void **state)
{
	cleanup_free char *source = make_source();
	cleanup_free char *none = folder_path(test_folder, "none");
	cleanup_free char *inside = folder_path(test_folder, "none/nvram");
	cleanup_free char *no_source =
		xasprintf("cannot open '%s': No such file or directory", none);
	cleanup_free char *no_folder = xasprintf(
		"cannot create '%s': No such file or directory", inside);
	struct err err;
	int fd = -1;

	(void)state;
	check_error("source", prepare_nvram_file(inside, none, 0, &err), &err,
		    -ENOENT, no_source);
	check_error("folder", prepare_nvram_file(inside, source, 0, &err), &err,
		    -ENOENT, no_folder);
	check_error("memory", prepare_nvram_memory(none, 0, &fd, &err), &err,
		    -ENOENT, no_source);
	assert_int_equal(fd, -1);
	assert_int_equal(folder_count(test_folder), 1);
}

/* Runs `body` in a child that has what root must give up or take. */
static int in_child(int (*body)(const char *source, struct err *err),
		    const char *source)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err err = { 0 };

		_exit(-body(source, &err));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* By names in the folder: what is above it may be closed to others. */
static int create_as_nobody(const char *source, struct err *err)
{
	(void)source;
	if (chdir(test_folder) < 0 ||
	    (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) < 0))
		return -1;
	int r = prepare_nvram_file("nvram", "source", 0, err);
	return str_eq(err->text, "cannot create 'nvram': Permission denied")
		       ? r
		       : -1;
}

static void test_folder_is_readonly(void **state)
{
	cleanup_free char *source = make_source();

	(void)state;
	assert_int_equal(chmod(test_folder, 0555), 0);
	assert_int_equal(in_child(create_as_nobody, source), EACCES);
	assert_int_equal(chmod(test_folder, 0755), 0);
	assert_int_equal(folder_count(test_folder), 1);
}

/* 77: a file system of one's own cannot be had here. */
static int create_on_full_disk(const char *source, struct err *err)
{
	cleanup_free char *small = folder_path(test_folder, "small");
	cleanup_free char *path = folder_path(test_folder, "small/nvram");

	if (namespaces_new(CLONE_NEWNS) < 0)
		return -77;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mkdir(small, 0755) < 0 ||
	    mount("tmpfs", small, "tmpfs", 0, "size=64k") < 0)
		return -77;
	int r = prepare_nvram_file(path, source, 0, err);
	if (folder_count(small) != 0)
		return -1;
	return r;
}

/* Half a file would be taken for a whole one at the next start. */
static void test_disk_is_full(void **state)
{
	cleanup_free char *source = make_source();
	int status = in_child(create_on_full_disk, source);

	(void)state;
	if (status == 77)
		skip();
	assert_int_equal(status, ENOSPC);
}

/* From now on open(2) makes no nameless file, as on a file system that has
 * none. */
static int forbid_nameless_files(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_TMPFILE & ~O_DIRECTORY,
			 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { ARRAY_SIZE(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno
									: 0;
}

static int create_renamed(const char *source, struct err *err)
{
	cleanup_free char *path = folder_path(test_folder, "nvram");
	int r = forbid_nameless_files();

	return r < 0 ? r : prepare_nvram_file(path, source, 0, err);
}

/* The other way to the same promises. */
static void test_without_nameless_files(void **state)
{
	cleanup_free char *source = make_source();
	cleanup_free char *path = folder_path(test_folder, "nvram");

	(void)state;
	assert_int_equal(in_child(create_renamed, source), 0);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	check_same(fd, source);
	assert_int_equal(truncate(path, 1), 0);
	assert_int_equal(in_child(create_renamed, source), EEXIST);
	assert_int_equal(lseek(fd, 0, SEEK_END), 1);
	assert_int_equal(folder_count(test_folder), 2);
}

static void test_nvram_memory(void **state)
{
	cleanup_free char *source = make_source();
	struct err err;
	int fd = -1;

	(void)state;
	check_ok("copy", prepare_nvram_memory(source, 0, &fd, &err), &err);
	check_same(fd, source);
	check_sparse(fd);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close_fd(&fd);
}

static void test_lock(void **state)
{
	cleanup_free char *path =
		folder_file(test_folder, "store", "x", 1, 0600);
	cleanup_free char *none = folder_path(test_folder, "none");
	cleanup_free char *busy =
		xasprintf("'%s' is in use by another guest", path);
	cleanup_free char *missing =
		xasprintf("cannot open '%s': No such file or directory", none);
	int first = -1, copy, other = -1;
	struct err err;

	(void)state;
	check_ok("first", prepare_lock(path, false, &first, &err), &err);
	assert_true(fcntl(first, F_GETFD) & FD_CLOEXEC);
	check_error("other", prepare_lock(path, false, &other, &err), &err,
		    -EBUSY, busy);
	check_error("shared", prepare_lock(path, true, &other, &err), &err,
		    -EBUSY, busy);
	assert_int_equal(other, -1);
	/* Held by a copy, such as QEMU's, when ours is closed. */
	copy = dup(first);
	close_fd(&first);
	check_error("copy", prepare_lock(path, false, &other, &err), &err,
		    -EBUSY, busy);
	close_fd(&copy);
	check_ok("again", prepare_lock(path, true, &first, &err), &err);
	check_ok("two", prepare_lock(path, true, &other, &err), &err);
	check_error("none", prepare_lock(none, true, &copy, &err), &err,
		    -ENOENT, missing);
	close_fd(&first);
	close_fd(&other);
}

static void test_memory_file(void **state)
{
	char buf[16] = "";
	struct err err;
	int fd = -1;

	(void)state;
	check_ok("text", prepare_memory_file("x", "[mon]\n", &fd, &err), &err);
	assert_int_equal(pread(fd, buf, sizeof(buf), 0), 6);
	assert_string_equal(buf, "[mon]\n");
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close_fd(&fd);
}

static bool was_raw(const char *path)
{
	struct file_facts file;

	host_look_at_file(path, &file);
	free(file.path);
	free(file.real_path);
	free(file.nvram_template);
	return file.was_raw;
}

static void test_raw_mark(void **state)
{
	cleanup_free char *path =
		folder_file(test_folder, "d.img", "x", 1, 0600);
	cleanup_free char *none = folder_path(test_folder, "none");

	(void)state;
	prepare_raw_mark(none, true); /* nothing happens */
	assert_int_equal(access(none, F_OK), -1);
	assert_false(was_raw(path));
	prepare_raw_mark(path, true);
	if (!was_raw(path))
		skip(); /* the file system has no attributes */
	prepare_raw_mark(path, true);
	assert_true(was_raw(path));
	prepare_raw_mark(path, false);
	assert_false(was_raw(path));
	prepare_raw_mark(path, false);
	assert_false(was_raw(path));
}

#define IN_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, folder_set_up, folder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_nvram_file),
		IN_FOLDER(test_nvram_filled_up),
		IN_FOLDER(test_nvram_remembers),
		IN_FOLDER(test_relative),
		IN_FOLDER(test_no_overwrite),
		IN_FOLDER(test_bad_places),
		IN_FOLDER(test_folder_is_readonly),
		IN_FOLDER(test_disk_is_full),
		IN_FOLDER(test_without_nameless_files),
		IN_FOLDER(test_nvram_memory),
		IN_FOLDER(test_lock),
		IN_FOLDER(test_memory_file),
		IN_FOLDER(test_raw_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
