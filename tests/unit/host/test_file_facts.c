/* SPDX-License-Identifier: Apache-2.0 */
#include "host/file_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

#define NOBODY 65534

static const char QCOW2[] = "QFI\xfb\0\0\0\3";

static char *folder;

static int set_up(void **state)
{
	(void)state;
	folder = folder_new();
	return chdir(folder);
}

static int tear_down(void **state)
{
	(void)state;
	folder_remove(folder);
	return 0;
}

static void file_done(struct file_facts *file)
{
	free(file->path);
	free(file->real_path);
	free(file->nvram_template);
}

static void test_regular(void **state)
{
	cleanup_free char *path =
		folder_file(folder, "d.img", QCOW2, sizeof(QCOW2) - 1, 0640);
	struct file_facts file;

	(void)state;
	host_look_at_file("./d.img", &file);
	assert_string_equal(file.path, "./d.img");
	assert_string_equal(file.real_path, path);
	assert_int_equal(file.kind, FILE_REGULAR);
	assert_int_equal(file.error, 0);
	assert_true(file.can_write);
	assert_int_equal(file.size, 8);
	assert_int_equal(file.owner, geteuid());
	assert_int_equal(file.mode, 0640);
	assert_int_equal(file.format, IMAGE_QCOW2);
	assert_false(file.was_raw);
	file_done(&file);
}

static void test_sizes(void **state)
{
	cleanup_free char *empty = folder_file(folder, "empty", "", 0, 0600);
	cleanup_free char *sparse = folder_file(folder, "sparse", "", 0, 0600);
	const off_t huge = (off_t)1 << 40;
	struct file_facts file;

	(void)state;
	host_look_at_file(empty, &file);
	assert_int_equal(file.size, 0);
	assert_int_equal(file.format, IMAGE_RAW);
	assert_int_equal(file.error, 0);
	file_done(&file);
	assert_int_equal(truncate(sparse, huge), 0);
	host_look_at_file(sparse, &file);
	assert_int_equal(file.size, huge);
	assert_int_equal(file.format, IMAGE_RAW);
	file_done(&file);
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(strlen(path) < sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
}

/* What is no regular file is not opened: a FIFO would keep us waiting. */
static void test_kinds(void **state)
{
	static const struct {
		const char *path;
		enum file_kind kind;
		int error;
	} rows[] = {
		{ "dir", FILE_DIRECTORY, 0 },
		{ "fifo", FILE_FIFO, 0 },
		{ "socket", FILE_SOCKET, 0 },
		{ "/dev/null", FILE_CHAR, 0 },
		{ "missing", FILE_MISSING, ENOENT },
		{ "missing/x", FILE_MISSING, ENOENT },
		{ "dangling", FILE_MISSING, ENOENT },
		{ "", FILE_MISSING, ENOENT },
		{ "loop", FILE_UNREACHABLE, ELOOP },
		{ "file/x", FILE_UNREACHABLE, ENOTDIR },
	};

	(void)state;
	free(folder_file(folder, "file", "", 0, 0600));
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	make_socket("socket");
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct file_facts file;

		host_look_at_file(rows[i].path, &file);
		check_number(rows[i].path, file.kind, rows[i].kind);
		check_number(rows[i].path, file.error, rows[i].error);
		check_number(rows[i].path, !file.real_path, rows[i].error != 0);
		file_done(&file);
	}
}

static void test_long_name(void **state)
{
	char name[5000];
	struct file_facts file;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	host_look_at_file(name, &file);
	assert_int_equal(file.kind, FILE_UNREACHABLE);
	assert_int_equal(file.error, ENAMETOOLONG);
	file_done(&file);
}

static void test_link(void **state)
{
	cleanup_free char *path = folder_file(folder, "real", "x", 1, 0600);
	struct file_facts file;

	(void)state;
	assert_int_equal(symlink("real", "link"), 0);
	host_look_at_file("link", &file);
	assert_int_equal(file.kind, FILE_REGULAR);
	assert_string_equal(file.path, "link");
	assert_string_equal(file.real_path, path);
	file_done(&file);
}

/* Looks at the files as a user who has no right to them; nothing stops root. */
static bool look_as_nobody(const char *path, bool can_read, bool can_write)
{
	struct file_facts file;

	if (geteuid() == 0 &&
	    (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	     setresuid(NOBODY, NOBODY, NOBODY) < 0))
		return false;
	host_look_at_file(path, &file);
	bool is_as_expected = file.kind == FILE_REGULAR &&
			      file.can_write == can_write &&
			      file.error == (can_read ? 0 : EACCES);
	file_done(&file);
	return is_as_expected;
}

static void test_permissions(void **state)
{
	static const struct {
		mode_t mode;
		bool can_read, can_write;
	} rows[] = {
		{ 0000, false, false },
		{ 0222, false, true },
		{ 0444, true, false },
		{ 0666, true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *name = xasprintf("mode-%03o", rows[i].mode);
		int status;

		free(folder_file(folder, name, "", 0, rows[i].mode));
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			/* By its name in this folder: what is above it may
			 * be closed to others. */
			_exit(!look_as_nobody(name, rows[i].can_read,
					      rows[i].can_write));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		check_number(name, status, 0);
	}
}

static void test_raw_mark(void **state)
{
	static const struct {
		const char *value;
		bool was_raw;
	} rows[] = {
		{ "raw", true },    { "rawx", false }, { "ra", false },
		{ "qcow2", false }, { "", false },
	};
	cleanup_free char *path = folder_file(folder, "mark", "", 0, 0600);
	struct file_facts file;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *value = rows[i].value;

		if (setxattr(path, RAW_MARK_NAME, value, strlen(value), 0) <
		    0) {
			assert_int_equal(errno, ENOTSUP);
			skip();
		}
		host_look_at_file(path, &file);
		check_number(value, file.was_raw, rows[i].was_raw);
		file_done(&file);
	}
}

static void test_nvram_template(void **state)
{
	static const struct {
		const char *value;
		size_t len;
		const char *want;
	} rows[] = {
		{ "/a/b.fd", 7, "/a/b.fd" },
		{ "b.fd", 4, NULL },
		{ "/a\0b", 4, NULL },
		{ "", 0, NULL },
	};
	cleanup_free char *path = folder_file(folder, "nvram", "", 0, 0600);
	struct file_facts file;

	(void)state;
	host_look_at_file(path, &file);
	assert_null(file.nvram_template);
	file_done(&file);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (setxattr(path, NVRAM_MARK_NAME, rows[i].value, rows[i].len,
			     0) < 0) {
			assert_int_equal(errno, ENOTSUP);
			skip();
		}
		host_look_at_file(path, &file);
		check_text(rows[i].value, file.nvram_template, rows[i].want);
		file_done(&file);
	}
}

static void test_virtual_size(void **state)
{
	static const char header[] = "QFI\xfb\0\0\0\3"
				     "................"
				     "\0\0\0\0\4\0\0\0";
	cleanup_free char *path = folder_file(folder, "v.qcow2", header,
					      sizeof(header) - 1, 0600);
	struct file_facts file;

	(void)state;
	host_look_at_file(path, &file);
	assert_int_equal(file.size, sizeof(header) - 1);
	assert_int_equal(file.virtual_size, 64 << 20);
	file_done(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regular),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_permissions),
		cmocka_unit_test(test_raw_mark),
		cmocka_unit_test(test_nvram_template),
		cmocka_unit_test(test_virtual_size),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
