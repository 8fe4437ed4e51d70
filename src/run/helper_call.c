/* SPDX-License-Identifier: Apache-2.0 */
#include "run/helper_call.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strv.h"

/* What sudo puts into it is who is asked: %p. */
#define PROMPT "[sudo] password for %p, to make taps for xkvm: "

static void set_deadline(int socket, int seconds)
{
	const struct timeval timeout = { .tv_sec = seconds };

	setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
}

static int connect_to_service(const char *path, int *ret, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	cleanup_close int fd =
		socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot make a socket");
	if (strlen(path) >= sizeof(address.sun_path))
		return err_set_errno(err, -ENAMETOOLONG, "socket '%s'", path);
	memcpy(address.sun_path, path, strlen(path));
	set_deadline(fd, HELPER_ANSWER_S);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_set(err, -errno,
			       "no xkvm-net listens on %s (%s); as root: "
			       "systemctl restart xkvm-net.socket",
			       path, strerrordesc_np(errno));
	*ret = take_fd(fd);
	return 0;
}

/* Without a prompt there is nothing to see of sudo: what it says is kept. */
static int start(const struct helper_call *call, char *const *argv,
		 struct helper_line *line, struct err *err)
{
	bool is_sudo = call->way == HELPER_SUDO;
	int pair[2], complaints[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	cleanup_close int ours = pair[0];
	cleanup_close int theirs = pair[1];
	if (is_sudo && !call->asks &&
	    pipe2(complaints, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_set_errno(err, -errno, "cannot make a pipe");
	cleanup_close int from_sudo = complaints[0];
	cleanup_close int to_us = complaints[1];
	if (!is_sudo || !call->asks)
		set_deadline(ours, HELPER_ANSWER_S);

	const struct process_fd fds[] = { { theirs, 0 },
					  { to_us, STDERR_FILENO } };
	const struct process_start process_start_ = {
		.path = argv[0],
		.argv = argv,
		.fds = fds,
		.fd_count = to_us >= 0 ? 2 : 1,
		/* Who reads from the terminal is in its foreground. */
		.own_group = !(is_sudo && call->asks),
	};
	int r = process_start(&process_start_, &line->process, err);
	if (r < 0)
		return r;
	line->socket = take_fd(ours);
	line->complaints = take_fd(from_sudo);
	line->is_asking = is_sudo && call->asks;
	return 0;
}

/* Ctrl-Z stops sudo, which leaves the terminal in order. Only then this process
 * may follow: the shell takes the terminal at once. */
static void stop_with(const struct helper_line *line, int children)
{
	struct signalfd_siginfo ignored;
	siginfo_t info = { 0 };

	while (read(children, &ignored, sizeof(ignored)) > 0)
		;
	if (waitid(P_PID, (id_t)line->process.pid, &info, WSTOPPED | WNOHANG) ==
		    0 &&
	    info.si_pid != 0)
		raise(SIGSTOP);
}

void helper_line_await(struct helper_line *line)
{
	sigset_t set, before;

	if (!line->is_asking)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	cleanup_close int children =
		signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd fds[] = { { .fd = line->socket, .events = POLLIN },
				{ .fd = children, .events = POLLIN } };
	do {
		stop_with(line, children);
	} while ((poll(fds, ARRAY_SIZE(fds), -1) >= 0 || errno == EINTR) &&
		 fds[0].revents == 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	set_deadline(line->socket, HELPER_ANSWER_S);
}

int helper_call(const struct helper_call *call, struct helper_line *ret,
		struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;
	struct helper_line line = HELPER_LINE_INIT;
	int r;

	if (call->way == HELPER_SOCKET) {
		r = connect_to_service(call->socket, &line.socket, err);
	} else {
		if (call->way == HELPER_SUDO) {
			strv_add(&argv, call->sudo);
			strv_add(&argv, call->asks ? "-p" : "-n");
			if (call->asks)
				strv_add(&argv, PROMPT);
			strv_add(&argv, "--");
		}
		strv_add(&argv, call->net);
		if (call->ovsdb) {
			strv_add(&argv, "--ovsdb");
			strv_add(&argv, call->ovsdb);
		}
		r = start(call, argv.items, &line, err);
	}
	if (r == 0)
		*ret = line;
	return r;
}

char *helper_last_words(int pipe)
{
	char buf[4096];
	size_t used = 0;
	ssize_t n;

	while (used < sizeof(buf) - 1 &&
	       ((n = read(pipe, buf + used, sizeof(buf) - 1 - used)) > 0 ||
		(n < 0 && errno == EINTR)))
		used += n > 0 ? (size_t)n : 0;
	while (used > 0 && buf[used - 1] == '\n')
		used--;
	buf[used] = '\0';
	const char *newline = strrchr(buf, '\n');
	return used ? xstrdup(newline ? newline + 1 : buf) : NULL;
}

static int sudo_failed(int complaints, struct err *err)
{
	cleanup_free char *words =
		complaints < 0 ? NULL : helper_last_words(complaints);

	if (words)
		return err_set(err, -EACCES, "%s", words);
	return err_set(err, -EACCES, "sudo did not get xkvm-net to answer");
}

int helper_line_fail(const struct helper_call *call, struct helper_line *line,
		     struct err *err)
{
	cleanup_close int complaints = take_fd(line->complaints);

	/* Only at the end of sudo all that it has to say is there. */
	helper_line_end(line);
	if (call->way == HELPER_SUDO)
		return sudo_failed(complaints, err);
	if (call->way == HELPER_SOCKET)
		return err_set(err, -EACCES,
			       "the service on %s ended without an answer; "
			       "'journalctl -u \"xkvm-net@*\"' may say why",
			       call->socket);
	err->code = -EACCES;
	return err->code;
}

void helper_line_leave(struct helper_line *line)
{
	close_fd(&line->socket);
	close_fd(&line->complaints);
	if (line->is_asking)
		helper_line_end(line);
}

void helper_line_end(struct helper_line *line)
{
	struct err ignored;
	int status;

	close_fd(&line->socket);
	close_fd(&line->complaints);
	if (line->process.pidfd >= 0 &&
	    process_wait(&line->process, &status, &ignored) < 0)
		close_fd(&line->process.pidfd);
}
