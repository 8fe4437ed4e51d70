/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ssh_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "run/ssh_text.h"

static void take_output(struct event_source *source, short revents)
{
	struct ssh_exec *exec = source->context;
	char buf[4096];
	ssize_t n = read(source->fd, buf, sizeof(buf));

	(void)revents;
	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		event_remove(exec->loop, source);
		return;
	}
	if (exec->said.len < SSH_OUTPUT_MAX)
		strbuf_add(&exec->said, buf, (size_t)n);
	if (exec->heard)
		exec->heard(exec->context);
}

/* What it has written before it ended. A program that it left behind may hold
 * the pipe open, and is not waited for. */
static void drain(struct ssh_exec *exec)
{
	struct pollfd pfd = { .fd = exec->output.fd, .events = POLLIN };
	char buf[4096];
	ssize_t n = 1;

	while (n > 0 && poll(&pfd, 1, 0) > 0) {
		n = read(exec->output.fd, buf, sizeof(buf));
		if (n > 0 && exec->said.len < SSH_OUTPUT_MAX)
			strbuf_add(&exec->said, buf, (size_t)n);
	}
}

/* Returns its status; -1 where that cannot be had. */
static int reap(struct ssh_exec *exec)
{
	struct err ignored;
	int status = -1;

	exec->is_running = false;
	event_remove(exec->loop, &exec->output);
	event_remove(exec->loop, &exec->ended);
	if (process_wait(&exec->ssh, &status, &ignored) < 0)
		close_fd(&exec->ssh.pidfd);
	return status;
}

static void take_end(struct event_source *source, short revents)
{
	struct ssh_exec *exec = source->context;

	if (revents == 0)
		process_signal(&exec->ssh, SIGKILL);
	int status = reap(exec);
	drain(exec);
	close_fd(&exec->output.fd);
	exec->done(exec->context, status);
}

static struct event_source source_of(struct ssh_exec *exec, int fd,
				     void (*call)(struct event_source *, short))
{
	return (struct event_source){ .fd = fd,
				      .events = POLLIN,
				      .due = EVENT_NEVER,
				      .call = call,
				      .context = exec };
}

int ssh_exec_start(struct ssh_exec *exec, const struct reach_target *target,
		   const char *user, const char *command, unsigned int limit_ms,
		   struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set_errno(err, -errno, "cannot make a pipe");
	cleanup_close int to_us = fds[0];
	cleanup_close int from_ssh = fds[1];
	const struct process_fd outputs[] = { { from_ssh, STDOUT_FILENO },
					      { from_ssh, STDERR_FILENO } };
	ssh_add_argv(&argv, target->host, target->port, user, command);
	const struct process_start start = {
		.path = exec->program,
		.argv = argv.items,
		.fds = outputs,
		.fd_count = ARRAY_SIZE(outputs),
		.death_signal = SIGTERM,
		.own_group = true,
		.is_stdin_empty = true,
	};
	int r = process_start(&start, &exec->ssh, err);
	if (r < 0)
		return r;
	strbuf_done(&exec->said);
	exec->is_running = true;
	exec->output = source_of(exec, take_fd(to_us), take_output);
	exec->ended = source_of(exec, exec->ssh.pidfd, take_end);
	if (limit_ms)
		exec->ended.due = event_now() + limit_ms;
	event_add(exec->loop, &exec->output);
	event_add(exec->loop, &exec->ended);
	return 0;
}

void ssh_exec_stop(struct ssh_exec *exec)
{
	if (exec->is_running) {
		process_signal(&exec->ssh, SIGKILL);
		reap(exec);
		close_fd(&exec->output.fd);
	}
	strbuf_done(&exec->said);
}
