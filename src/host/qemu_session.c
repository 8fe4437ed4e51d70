/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"

/* QEMU answers in milliseconds. A program that says nothing for so long is
 * none. */
#define ANSWER_TIMEOUT_MS 20000

#define QMP_FD 3

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The last line the program wrote, for the message that explains why it could
 * not be asked. Owned by the caller. */
static char *last_line(int errors)
{
	char buf[1024];
	off_t size = lseek(errors, 0, SEEK_END);
	off_t start = size > (off_t)sizeof(buf) - 1
			      ? size - (off_t)sizeof(buf) + 1
			      : 0;
	ssize_t n = pread(errors, buf, sizeof(buf) - 1, start);

	if (n <= 0)
		return NULL;
	while (n > 0 && (buf[n - 1] == '\n' || buf[n - 1] == '\r'))
		n--;
	buf[n] = '\0';
	const char *newline = strrchr(buf, '\n');
	return xstrdup(newline ? newline + 1 : buf);
}

static int fail_silent(const struct qemu_session *session, struct err *err)
{
	cleanup_free char *said = last_line(session->errors);

	if (said && *said)
		return err_set(err, -EPROTO,
			       "it does not speak QMP; it said "
			       "'%s'",
			       said);
	return err_set(err, -EPROTO, "it does not speak QMP");
}

/* Waits for more bytes and feeds them to the stream. */
static int receive(struct qemu_session *session, long deadline, struct err *err)
{
	char buf[65536];
	struct pollfd pfd = { .fd = session->socket, .events = POLLIN };
	long left = deadline - now_ms();
	int r = poll(&pfd, 1, left > 0 ? (int)left : 0);

	if (r < 0 && errno == EINTR)
		return 0;
	if (r < 0)
		return err_set_errno(err, -errno, "cannot wait for QEMU");
	if (r == 0)
		return err_set(err, -ETIMEDOUT,
			       "it did not answer over QMP within %d s",
			       ANSWER_TIMEOUT_MS / 1000);
	ssize_t n = recv(session->socket, buf, sizeof(buf), 0);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return fail_silent(session, err);
	return qmp_stream_feed(&session->stream, buf, (size_t)n, err);
}

static int next_message(struct qemu_session *session, json_t **ret,
			struct err *err)
{
	long deadline = now_ms() + ANSWER_TIMEOUT_MS;

	for (;;) {
		int r = qmp_stream_next(&session->stream, ret, err);
		if (r < 0 || *ret)
			return r;
		r = receive(session, deadline, err);
		if (r < 0)
			return r;
	}
}

/* {"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 22}}}} */
static void read_version(struct qemu_session *session, const json_t *greeting)
{
	json_int_t major, minor, micro;

	if (json_unpack((json_t *)greeting, "{s:{s:{s:{s:I,s:I,s:I}}}}", "QMP",
			"version", "qemu", "major", &major, "minor", &minor,
			"micro", &micro) == 0)
		snprintf(session->version, sizeof(session->version),
			 "%lld.%lld.%lld", (long long)major, (long long)minor,
			 (long long)micro);
}

static int expect_greeting(struct qemu_session *session, struct err *err)
{
	cleanup_json json_t *greeting = NULL, *answer = NULL;
	int r = next_message(session, &greeting, err);

	if (r == 0 && qmp_message_kind(greeting) != QMP_GREETING)
		r = err_set(err, -EPROTO, "it does not greet as QMP does");
	if (r == 0)
		read_version(session, greeting);
	if (r == 0)
		r = qemu_session_ask(session, "qmp_capabilities", NULL, &answer,
				     err);
	return r;
}

static int start_process(const char *path, int socket, int errors,
			 struct process *ret, struct err *err)
{
	char *argv[] = { (char *)path,
			 (char *)"-machine",
			 (char *)"none",
			 (char *)"-nodefaults",
			 (char *)"-no-user-config",
			 (char *)"-display",
			 (char *)"none",
			 (char *)"-chardev",
			 (char *)"socket,id=qmp,fd=3",
			 (char *)"-mon",
			 (char *)"chardev=qmp,mode=control",
			 NULL };
	const struct process_fd fds[] = {
		{ errors, 1 },
		{ errors, 2 },
		{ socket, QMP_FD },
	};
	const struct process_start start = {
		.path = path,
		.argv = argv,
		.fds = fds,
		.fd_count = ARRAY_SIZE(fds),
		.death_signal = SIGKILL,
		.own_group = true,
		.is_stdin_empty = true,
	};

	return process_start(&start, ret, err);
}

int qemu_session_start(const char *path, struct qemu_session *ret,
		       struct err *err)
{
	struct qemu_session session = { .process = PROCESS_INIT,
					.socket = -1,
					.errors = -1 };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	session.socket = pair[0];
	cleanup_close int theirs = pair[1];
	session.errors = memfd_create("qemu-stderr", MFD_CLOEXEC);

	int r = session.errors < 0
			? err_set_errno(err, -errno, "cannot make a memfd")
			: start_process(path, theirs, session.errors,
					&session.process, err);
	close_fd(&theirs);
	if (r == 0)
		r = expect_greeting(&session, err);
	if (r < 0) {
		qemu_session_end(&session);
		return r;
	}
	*ret = session;
	return 0;
}

/* A program that has ended has said why, which tells more than EPIPE. */
static int fail_send(const struct qemu_session *session, int error,
		     struct err *err)
{
	if (error == EPIPE || error == ECONNRESET)
		return fail_silent(session, err);
	return err_set_errno(err, -error, "cannot send a QMP command");
}

static int send_all(const struct qemu_session *session, const char *text,
		    struct err *err)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(session->socket, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_send(session, errno, err);
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int qemu_session_ask(struct qemu_session *session, const char *command,
		     json_t *arguments, json_t **ret, struct err *err)
{
	unsigned int id = ++session->last_id;
	cleanup_free char *text = qmp_command_text(command, arguments, id);
	int r = send_all(session, text, err);

	if (r < 0)
		return r;
	for (;;) {
		cleanup_json json_t *message = NULL;

		r = next_message(session, &message, err);
		if (r < 0)
			return r;
		if (!qmp_message_answers(message, id))
			continue;
		*ret = json_incref(json_object_get(message, "return"));
		return 0;
	}
}

void qemu_session_end(struct qemu_session *session)
{
	struct err ignored;
	int status;

	close_fd(&session->socket);
	close_fd(&session->errors);
	qmp_stream_done(&session->stream);
	if (session->process.pidfd < 0)
		return;
	/* It holds no state: there is nothing to end in order. */
	process_signal(&session->process, SIGKILL);
	if (process_wait(&session->process, &status, &ignored) < 0)
		close_fd(&session->process.pidfd);
}
