/* SPDX-License-Identifier: Apache-2.0 */
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child says through the pipe when it fails before or in exec. */
struct child_failure {
	int error;
	int fd; /* the descriptor at fault, or -1 */
};

static int highest_target(const struct process_start *start)
{
	int highest = 2;

	for (size_t i = 0; i < start->fd_count; i++)
		if (start->fds[i].target > highest)
			highest = start->fds[i].target;
	return highest;
}

static void reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Places all descriptors. They are first copied above every target, so that
 * no one is overwritten before its turn. */
static int place_fds(const struct process_start *start, int above,
		     struct child_failure *failure)
{
	cleanup_free int *copies = xcalloc(start->fd_count, sizeof(*copies));

	for (size_t i = 0; i < start->fd_count; i++) {
		failure->fd = start->fds[i].source;
		copies[i] =
			fcntl(start->fds[i].source, F_DUPFD_CLOEXEC, above + 1);
		/* EINVAL: the limit on open files is below the targets. */
		if (copies[i] < 0)
			return errno == EINVAL ? -EMFILE : -errno;
	}
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return -errno;
	for (size_t i = 0; i < start->fd_count; i++) {
		failure->fd = start->fds[i].target;
		if (dup2(copies[i], start->fds[i].target) < 0)
			return -errno;
	}
	failure->fd = -1;
	return 0;
}

static int empty_stdin(void)
{
	cleanup_close int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, 0) < 0)
		return -errno;
	return 0;
}

/* The parent may have died before the death signal was asked for. */
static int arm_death_signal(int sig, pid_t parent)
{
	if (sig == 0)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, (unsigned long)sig) < 0)
		return -errno;
	return getppid() == parent ? 0 : -ECHILD;
}

/* What a process has to do for the program that it executes next. */
static int prepare_exec(const struct process_start *start, int above,
			struct child_failure *failure)
{
	int r = start->is_stdin_empty ? empty_stdin() : 0;

	if (r == 0)
		r = place_fds(start, above, failure);
	if (r == 0)
		reset_signals();
	return r;
}

static int prepare_child(const struct process_start *start, pid_t parent,
			 int above, struct child_failure *failure)
{
	int r = arm_death_signal(start->death_signal, parent);

	if (r == 0 && start->own_group && setpgid(0, 0) < 0)
		r = -errno;
	return r < 0 ? r : prepare_exec(start, above, failure);
}

_Noreturn static void run_child(const struct process_start *start, pid_t parent,
				int pipe_fd)
{
	struct child_failure failure = { .fd = -1 };
	int above = highest_target(start);
	/* The pipe moves out of the way of the targets. */
	int report = fcntl(pipe_fd, F_DUPFD_CLOEXEC, above + 1);
	int r = report < 0 ? -errno : 0;

	if (r == 0)
		r = prepare_child(start, parent, report, &failure);
	if (r == 0) {
		execv(start->path, start->argv);
		r = -errno;
	}
	failure.error = -r;
	if (write(report < 0 ? pipe_fd : report, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

/* The error that such a failure is. */
static int explain(const struct child_failure *failure, const char *path,
		   struct err *err)
{
	if (failure->fd >= 0)
		return err_set_errno(err, -failure->error,
				     "cannot pass descriptor %d to '%s'",
				     failure->fd, path);
	return err_set_errno(err, -failure->error, "cannot execute '%s'", path);
}

/* Waits until the child has executed the program (the pipe closes) or says
 * why it could not. */
static int read_verdict(int pipe_fd, const char *path, struct err *err)
{
	struct child_failure failure;
	ssize_t n;

	do {
		n = read(pipe_fd, &failure, sizeof(failure));
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	if (n != sizeof(failure))
		return err_set(err, -EIO, "cannot start '%s'", path);
	return explain(&failure, path, err);
}

int process_start(const struct process_start *start, struct process *ret,
		  struct err *err)
{
	pid_t parent = getpid();
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set_errno(err, -errno, "cannot make a pipe");
	cleanup_close int from_child = pipe_fds[0];
	cleanup_close int to_parent = pipe_fds[1];

	pid_t pid = fork();
	if (pid < 0)
		return err_set_errno(err, -errno, "cannot fork");
	if (pid == 0)
		run_child(start, parent, to_parent);
	close_fd(&to_parent);

	struct process process = { pid, pidfd_open(pid, 0) };
	int r = process.pidfd < 0
			? err_set_errno(err, -errno, "cannot watch '%s'",
					start->path)
			: read_verdict(from_child, start->path, err);
	if (r < 0) {
		int status;
		struct err ignored;

		kill(pid, SIGKILL);
		if (process_wait(&process, &status, &ignored) < 0)
			return r;
		return r;
	}
	*ret = process;
	return 0;
}

int process_become(const struct process_start *start, struct err *err)
{
	struct child_failure failure = { .fd = -1 };
	int r = prepare_exec(start, highest_target(start), &failure);

	if (r == 0) {
		execv(start->path, start->argv);
		r = -errno;
	}
	failure.error = -r;
	return explain(&failure, start->path, err);
}

void process_signal(const struct process *process, int sig)
{
	if (process->pidfd >= 0)
		pidfd_send_signal(process->pidfd, sig, NULL, 0);
}

int process_wait(struct process *process, int *ret_status, struct err *err)
{
	int status;
	pid_t pid;

	do {
		pid = waitpid(process->pid, &status, 0);
	} while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return err_set_errno(err, -errno, "cannot wait for process %d",
				     process->pid);
	close_fd(&process->pidfd);
	*ret_status = status;
	return 0;
}
