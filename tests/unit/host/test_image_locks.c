/* SPDX-License-Identifier: Apache-2.0 */
#include "host/image_locks.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "host/file_facts.h"

/* As QEMU has them: reading, of an open file. */
static int lock_byte(const char *path, off_t byte)
{
	const struct flock lock = {
		.l_type = F_RDLCK,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1,
	};
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
	return fd;
}

static char *make_image(void)
{
	return folder_file(test_folder, "d.img", "x", 1, 0600);
}

static unsigned int locks_of(const char *path)
{
	struct file_facts file;

	host_look_at_file(path, &file);
	free(file.path);
	free(file.real_path);
	return file.locks;
}

static const struct {
	off_t byte;
	unsigned int locks;
} rows[] = {
	{ 100, 0 }, /* somebody reads: that is in nobody's way */
	{ 101, FILE_LOCK_WRITER },
	{ 103, 0 },
	{ 200, FILE_LOCK_NO_READERS },
	{ 201, FILE_LOCK_NO_WRITERS },
	{ 203, 0 },
	{ 7, 0 }, /* somebody else's */
	{ 300, 0 },
};

static void test_bytes(void **state)
{
	cleanup_free char *path = make_image();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row =
			xasprintf("byte %d", (int)rows[i].byte);
		int fd = lock_byte(path, rows[i].byte);

		check_number(row, locks_of(path), rows[i].locks);
		close_fd(&fd);
		check_number(row, locks_of(path), 0);
	}
}

/* All of them at once, or none. */
static void test_lock_all(void **state)
{
	cleanup_free char *path = make_image();
	cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
	int other = lock_byte(path, 203);

	(void)state;
	assert_false(image_lock_all(fd));
	assert_int_equal(locks_of(path), 0);
	close_fd(&other);
	assert_true(image_lock_all(fd));
	assert_int_equal(locks_of(path), FILE_LOCK_WRITER |
						 FILE_LOCK_NO_WRITERS |
						 FILE_LOCK_NO_READERS);
}

/* A shell that waits for ever, has the file open and, with `is_locked`,
 * locked. */
static pid_t start_holder(const char *path, bool is_locked)
{
	int fd = is_locked ? lock_byte(path, 201) : open(path, O_RDWR);
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(fd >= 0 && pid >= 0);
	if (pid == 0) {
		fcntl(fd, F_SETFD, 0);
		fcntl(ends[1], F_SETFD, 0);
		dup2(ends[0], STDIN_FILENO);
		execl("/bin/sh", "sh", "-c", "read -r line", "-name",
		      "guest=web,debug-threads=on", NULL);
		_exit(1);
	}
	close_fd(&fd);
	close_fd(&ends[0]);
	close_fd(&ends[1]);
	return pid;
}

static void stop_holder(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void release(struct file_facts *file)
{
	free(file->holder.program);
	free(file->holder.guest);
	file->holder = (struct file_holder){ 0 };
}

/* Its command line is its own after execve(2), which is not at once. */
static void find(struct file_facts *file)
{
	for (int i = 0; i < 1000; i++) {
		host_find_holder(file);
		if (file->holder.pid == 0 || file->holder.guest)
			return;
		release(file);
		usleep(10000);
	}
}

static void test_holder(void **state)
{
	cleanup_free char *path = make_image();
	struct file_facts file = { .path = path };
	pid_t reader = start_holder(path, false);

	(void)state;
	host_find_holder(&file);
	assert_int_equal(file.holder.pid, 0);
	pid_t holder = start_holder(path, true);
	find(&file);
	assert_int_equal(file.holder.pid, holder);
	check_text("program", file.holder.program, "sh");
	check_text("guest", file.holder.guest, "web");
	release(&file);
	stop_holder(holder);
	host_find_holder(&file);
	assert_int_equal(file.holder.pid, 0);
	stop_holder(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bytes, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_lock_all, folder_set_up,
						folder_tear_down),
		cmocka_unit_test_setup_teardown(test_holder, folder_set_up,
						folder_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
