/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program that is started is this one, which then reports what it finds
 * itself with.
 */
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "report.h"

#define SELF "/proc/self/exe"
#define PATIENCE_MS 10000

/* A file in memory that begins with `byte`, at a number from 100 on. */
static int memory(char byte)
{
	cleanup_close int fd = memfd_create("test", MFD_CLOEXEC);

	assert_int_equal(write(fd, &byte, 1), 1);
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	assert_true(high >= 100);
	return high;
}

static void start(const struct process_start *how, const char *what,
		  struct process *ret)
{
	char *argv[] = { (char *)"self", (char *)what, NULL };
	struct process_start self = *how;
	struct err err;

	self.path = SELF;
	self.argv = argv;
	check_ok(what, process_start(&self, ret, &err), &err);
	assert_true(ret->pid > 0 && ret->pidfd >= 0);
}

static int wait_for(struct process *process)
{
	struct err err;
	int status;

	check_ok("wait", process_wait(process, &status, &err), &err);
	assert_int_equal(process->pidfd, -1);
	return status;
}

static void check_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Starts it with its output in memory, too, and compares that. */
static void check_report(const struct process_start *how, const char *what,
			 const char *want)
{
	struct process process = PROCESS_INIT;
	struct process_start with_output = *how;
	struct process_fd fds[8];
	cleanup_close int out = memfd_create("out", MFD_CLOEXEC);
	char buf[1024] = "";

	for (size_t i = 0; i < how->fd_count; i++)
		fds[i] = how->fds[i];
	fds[how->fd_count] = (struct process_fd){ out, 1 };
	with_output.fds = fds;
	with_output.fd_count++;
	start(&with_output, what, &process);
	assert_int_equal(wait_for(&process), 0);
	assert_true(pread(out, buf, sizeof(buf) - 1, 0) >= 0);
	check_text(what, buf, want);
}

/* Sources 'a' and 'b' are placed at the targets; -1: the source's number, -2:
 * the other's. 0: there is no second. */
static const struct {
	int a, b;
	const char *report;
} places[] = {
	{ 3, 0, "3=a " },
	{ 3, 4, "3=a 4=b " },
	{ 4, 3, "3=b 4=a " },
	{ 7, 50, "7=a 50=b " },
	{ -1, 0, "100=a " },
	{ -1, -1, "100=a 101=b " },
	{ -2, -2, "100=b 101=a " },
	{ -2, 3, "3=b 101=a " },
	{ 102, 103, "102=a 103=b " },
};

static int target_of(int place, int own, int other)
{
	return place == -1 ? own : place == -2 ? other : place;
}

static void test_places(void **state)
{
	int a = memory('a'), b = memory('b');

	(void)state;
	assert_int_equal(a, 100);
	assert_int_equal(b, 101);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct process_fd fds[] = {
			{ a, target_of(places[i].a, a, b) },
			{ b, target_of(places[i].b, b, a) },
		};
		const struct process_start how = {
			.fds = fds,
			.fd_count = places[i].b ? 2 : 1,
		};

		check_report(&how, "fds", places[i].report);
	}
	close_fd(&a);
	close_fd(&b);
}

static void test_one_source_twice(void **state)
{
	cleanup_close int a = memory('a');
	const struct process_fd fds[] = { { a, 5 }, { a, 6 } };
	const struct process_start how = { .fds = fds, .fd_count = 2 };

	(void)state;
	check_report(&how, "fds", "5=a 6=a ");
}

/* What is not listed is not there, whether it would pass exec or not. */
static void test_others_are_closed(void **state)
{
	cleanup_close int a = memory('a');
	cleanup_close int inherited = fcntl(a, F_DUPFD, 60);
	const struct process_start how = { .fd_count = 0 };

	(void)state;
	assert_true(inherited >= 60);
	check_report(&how, "fds", "");
}

static void test_closed_source(void **state)
{
	const struct process_fd fds[] = { { 200, 3 } };
	char *argv[] = { (char *)"self", NULL };
	const struct process_start how = {
		.path = SELF, .argv = argv, .fds = fds, .fd_count = 1
	};
	struct process process = PROCESS_INIT;
	struct err err;

	(void)state;
	check_error("closed", process_start(&how, &process, &err), &err, -EBADF,
		    "cannot pass descriptor 200 to '/proc/self/exe': Bad file "
		    "descriptor");
	assert_int_equal(process.pid, 0);
	assert_int_equal(process.pidfd, -1);
	check_no_child();
}

static void test_cannot_execute(void **state)
{
	static const struct {
		const char *path;
		int code;
		const char *message;
	} rows[] = {
		{ "/nonexistent/qemu", -ENOENT,
		  "cannot execute '/nonexistent/qemu': No such file or "
		  "directory" },
		{ "/", -EACCES, "cannot execute '/': Permission denied" },
		{ "/dev/null", -EACCES,
		  "cannot execute '/dev/null': Permission denied" },
	};
	char *argv[] = { (char *)"x", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct process_start how = { .path = rows[i].path,
						   .argv = argv };
		struct process process = PROCESS_INIT;
		struct err err;

		check_error(rows[i].path, process_start(&how, &process, &err),
			    &err, rows[i].code, rows[i].message);
		assert_int_equal(process.pidfd, -1);
		check_no_child();
	}
}

static void test_signals_are_reset(void **state)
{
	const struct process_start how = { .fd_count = 0 };
	sigset_t all, before;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	check_report(&how, "signals", "");
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
}

static void test_group_and_death_signal(void **state)
{
	static const struct {
		bool own_group;
		int death_signal;
		const char *report;
	} rows[] = {
		{ false, 0, "follows death:0 " },
		{ true, 0, "leads death:0 " },
		{ false, SIGTERM, "follows death:15 " },
		{ true, SIGKILL, "leads death:9 " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct process_start how = {
			.own_group = rows[i].own_group,
			.death_signal = rows[i].death_signal,
		};

		check_report(&how, "group", rows[i].report);
	}
}

static void test_stdin(void **state)
{
	cleanup_close int data = memory('x');
	cleanup_close int saved = fcntl(0, F_DUPFD_CLOEXEC, 3);
	const struct process_start empty = { .is_stdin_empty = true };
	const struct process_start ours = { .is_stdin_empty = false };

	(void)state;
	assert_int_equal(lseek(data, 0, SEEK_SET), 0);
	assert_int_equal(dup2(data, 0), 0);
	check_report(&empty, "stdin", "empty ");
	check_report(&ours, "stdin", "data ");
	assert_true(dup2(saved, 0) == 0 || saved < 0);
}

/* A child becomes it: the same process, which is no leader of a group for
 * that. */
static void become(const struct process_start *how, const char *what)
{
	char *argv[] = { (char *)"self", (char *)what, NULL };
	struct process_start self = *how;
	struct err err;

	self.path = SELF;
	self.argv = argv;
	signal(SIGPIPE, SIG_IGN);
	_exit(process_become(&self, &err) < 0 ? 100 : 101);
}

static void test_become(void **state)
{
	static const struct {
		const char *what, *report;
	} rows[] = {
		{ "fds", "3=b 100=a " },
		{ "signals", "" },
		{ "group", "follows death:0 " },
		{ "stdin", "empty " },
	};
	cleanup_close int a = memory('a');
	cleanup_close int b = memory('b');

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_close int out = memfd_create("out", MFD_CLOEXEC);
		const struct process_fd fds[] = { { a, 100 },
						  { b, 3 },
						  { out, 1 } };
		const struct process_start how = {
			.fds = fds,
			.fd_count = ARRAY_SIZE(fds),
			.own_group = true,
			.death_signal = SIGTERM,
			.is_stdin_empty = true,
		};
		char buf[64] = "";
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			become(&how, rows[i].what);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		assert_true(pread(out, buf, sizeof(buf) - 1, 0) >= 0);
		check_text(rows[i].what, buf, rows[i].report);
	}
}

static void test_cannot_become(void **state)
{
	/* Should it be executed after all, it ends. */
	char *argv[] = { (char *)"x", (char *)"7", NULL };
	const struct process_fd fds[] = { { 200, 3 } };
	const struct process_start missing = { .path = "/nonexistent/qemu",
					       .argv = argv };
	const struct process_start closed = {
		.path = SELF, .argv = argv, .fds = fds, .fd_count = 1
	};
	struct err err;

	(void)state;
	check_error("missing", process_become(&missing, &err), &err, -ENOENT,
		    "cannot execute '/nonexistent/qemu': No such file or "
		    "directory");
	check_error("closed", process_become(&closed, &err), &err, -EBADF,
		    "cannot pass descriptor 200 to '/proc/self/exe': Bad file "
		    "descriptor");
}

static void test_status(void **state)
{
	const struct process_start how = { .fd_count = 0 };
	struct process process = PROCESS_INIT;

	(void)state;
	start(&how, "7", &process);
	int status = wait_for(&process);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	/* It is gone: that is no error. */
	process_signal(&process, SIGKILL);

	start(&how, "hang", &process);
	process_signal(&process, SIGTERM);
	status = wait_for(&process);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	check_no_child();
}

static void test_wait_for_nobody(void **state)
{
	struct process process = { .pid = 1, .pidfd = -1 };
	struct err err;
	int status = 77;

	(void)state;
	check_error("init", process_wait(&process, &status, &err), &err,
		    -ECHILD, "cannot wait for process 1: No child processes");
	assert_int_equal(status, 77);
}

/* Who started it dies: so does it, and the pipe that only it holds ends. */
static void test_dies_with_its_parent(void **state)
{
	int ends[2], status;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t parent = fork();
	assert_true(parent >= 0);
	if (parent == 0) {
		const struct process_fd fds[] = { { ends[1], 3 } };
		char *argv[] = { (char *)"self", (char *)"hang", NULL };
		const struct process_start how = { .path = SELF,
						   .argv = argv,
						   .fds = fds,
						   .fd_count = 1,
						   .death_signal = SIGKILL };
		struct process process;
		struct err err;

		_exit(process_start(&how, &process, &err) < 0);
	}
	close(ends[1]);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(status, 0);
	struct pollfd pfd = { .fd = ends[0], .events = POLLIN };
	assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
	assert_int_equal(pfd.revents, POLLHUP);
	close(ends[0]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_one_source_twice),
		cmocka_unit_test(test_others_are_closed),
		cmocka_unit_test(test_closed_source),
		cmocka_unit_test(test_cannot_execute),
		cmocka_unit_test(test_signals_are_reset),
		cmocka_unit_test(test_group_and_death_signal),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_become),
		cmocka_unit_test(test_cannot_become),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_wait_for_nobody),
		cmocka_unit_test(test_dies_with_its_parent),
	};

	if (argc > 1)
		return report(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
