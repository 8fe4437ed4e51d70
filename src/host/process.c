/* SPDX-License-Identifier: Apache-2.0 */
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <stddef.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Room for what the child does before it executes the program. */
#define CHILD_STACK 16384

/* Why the program was not executed. */
struct child_failure {
	int error; /* 0: it was */
	int fd; /* the descriptor at fault, or -1 */
};

/* The child has the memory of this process, which stands still until the
 * program is executed: nothing is copied, and what fails is simply written. */
struct child {
	const struct process_start *start;
	pid_t parent;
	struct child_failure failure;
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
static int place_fds(const struct process_start *start,
		     struct child_failure *failure)
{
	int above = highest_target(start);
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
static int prepare_exec(const struct process_start *start,
			struct child_failure *failure)
{
	int r = start->is_stdin_empty ? empty_stdin() : 0;

	if (r == 0)
		r = place_fds(start, failure);
	if (r == 0)
		reset_signals();
	return r;
}

static int prepare_child(const struct process_start *start, pid_t parent,
			 struct child_failure *failure)
{
	int r = arm_death_signal(start->death_signal, parent);

	if (r == 0 && start->own_group && setpgid(0, 0) < 0)
		r = -errno;
	return r < 0 ? r : prepare_exec(start, failure);
}

static int run_child(void *data)
{
	struct child *child = data;
	const struct process_start *start = child->start;
	int r = prepare_child(start, child->parent, &child->failure);

	if (r == 0) {
		execv(start->path, start->argv);
		r = -errno;
	}
	child->failure.error = -r;
	return 127;
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

int process_start(const struct process_start *start, struct process *ret,
		  struct err *err)
{
	struct child child = { start, getpid(), { .fd = -1 } };
	struct process process = PROCESS_INIT;
	_Alignas(max_align_t) char stack[CHILD_STACK];

	process.pid = clone(run_child, stack + sizeof(stack),
			    CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD,
			    &child, &process.pidfd);
	if (process.pid < 0)
		return err_set_errno(err, -errno, "cannot fork");
	if (child.failure.error) {
		int status;
		struct err ignored;

		if (process_wait(&process, &status, &ignored) < 0)
			close_fd(&process.pidfd);
		return explain(&child.failure, start->path, err);
	}
	*ret = process;
	return 0;
}

int process_become(const struct process_start *start, struct err *err)
{
	struct child_failure failure = { .fd = -1 };
	int r = prepare_exec(start, &failure);

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
