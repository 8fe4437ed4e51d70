/* SPDX-License-Identifier: Apache-2.0 */
#include "run/qmp_link.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/json.h"

int qmp_link_open(struct qmp_link *link, int *ret_qemu, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	*link = (struct qmp_link){ .socket = pair[0] };
	*ret_qemu = pair[1];
	if (!qmp_link_send(link, "qmp_capabilities"))
		qmp_link_close(link);
	return 0;
}

void qmp_link_close(struct qmp_link *link)
{
	close_fd(&link->socket);
	qmp_stream_done(&link->stream);
}

bool qmp_link_send(struct qmp_link *link, const char *command)
{
	if (link->socket < 0)
		return false;
	cleanup_free char *text =
		qmp_command_text(command, NULL, ++link->last_id);
	size_t len = strlen(text);

	/* A few short commands fit into the socket whatever QEMU does; half of
	 * one would spoil the stream. */
	ssize_t n = send(link->socket, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n == (ssize_t)len)
		return true;
	qmp_link_close(link);
	return false;
}

static void note_event(const json_t *message, struct outcome *outcome)
{
	const char *event = json_member_text(message, "event");
	const json_t *data = json_object_get(message, "data");

	if (!event)
		return;
	if (str_eq(event, "GUEST_PANICKED")) {
		outcome->has_panicked = true;
	} else if (str_eq(event, "SHUTDOWN")) {
		const char *reason = json_member_text(data, "reason");

		snprintf(outcome->reason, sizeof(outcome->reason), "%s",
			 reason ? reason : "");
	}
}

static bool read_messages(struct qmp_link *link, struct outcome *outcome)
{
	struct err ignored;

	for (;;) {
		cleanup_json json_t *message = NULL;

		if (qmp_stream_next(&link->stream, &message, &ignored) < 0)
			return false;
		if (!message)
			return true;
		note_event(message, outcome);
	}
}

void qmp_link_receive(struct qmp_link *link, struct outcome *outcome)
{
	char buf[4096];
	struct err ignored;
	ssize_t n = recv(link->socket, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 ||
	    qmp_stream_feed(&link->stream, buf, (size_t)n, &ignored) < 0 ||
	    !read_messages(link, outcome))
		qmp_link_close(link);
}
