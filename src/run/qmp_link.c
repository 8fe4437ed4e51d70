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
	*link = (struct qmp_link)QMP_LINK_INIT;
	link->source.fd = pair[0];
	link->source.events = POLLIN;
	*ret_qemu = pair[1];
	if (!qmp_link_send(link, "qmp_capabilities"))
		qmp_link_close(link);
	return 0;
}

void qmp_link_close(struct qmp_link *link)
{
	struct qmp_call lost[QMP_CALLS];

	close_fd(&link->source.fd);
	qmp_stream_done(&link->stream);
	memcpy(lost, link->calls, sizeof(lost));
	memset(link->calls, 0, sizeof(link->calls));
	for (size_t i = 0; i < QMP_CALLS; i++)
		if (lost[i].id)
			lost[i].answered(lost[i].context, NULL);
}

static bool send_text(struct qmp_link *link, const char *text)
{
	size_t len = strlen(text);

	/* A few short commands fit into the socket whatever QEMU does; half of
	 * one would spoil the stream. */
	ssize_t n =
		send(link->source.fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n == (ssize_t)len)
		return true;
	qmp_link_close(link);
	return false;
}

bool qmp_link_send(struct qmp_link *link, const char *command)
{
	if (link->source.fd < 0)
		return false;
	cleanup_free char *text =
		qmp_command_text(command, NULL, ++link->last_id);
	return send_text(link, text);
}

bool qmp_link_call(struct qmp_link *link, const char *command,
		   json_t *arguments,
		   void (*answered)(void *context, const json_t *answer),
		   void *context)
{
	struct qmp_call *call = link->calls;

	while (call < link->calls + QMP_CALLS && call->id)
		call++;
	if (link->source.fd < 0 || call == link->calls + QMP_CALLS)
		return false;
	cleanup_free char *text =
		qmp_command_text(command, arguments, ++link->last_id);
	if (!send_text(link, text))
		return false;
	*call = (struct qmp_call){ link->last_id, answered, context };
	return true;
}

void qmp_link_forget(struct qmp_link *link, const void *context)
{
	for (size_t i = 0; i < QMP_CALLS; i++)
		if (link->calls[i].context == context)
			link->calls[i] = (struct qmp_call){ 0 };
}

void qmp_link_listen(struct qmp_link *link, struct qmp_listener *listener)
{
	listener->next = link->listeners;
	link->listeners = listener;
}

void qmp_link_unlisten(struct qmp_link *link, struct qmp_listener *listener)
{
	struct qmp_listener **at = &link->listeners;

	while (*at && *at != listener)
		at = &(*at)->next;
	if (*at)
		*at = listener->next;
}

static void note_event(const char *event, const json_t *data,
		       struct outcome *outcome)
{
	if (str_eq(event, "GUEST_PANICKED")) {
		outcome->has_panicked = true;
	} else if (str_eq(event, "SHUTDOWN")) {
		const char *reason = json_member_text(data, "reason");

		snprintf(outcome->reason, sizeof(outcome->reason), "%s",
			 reason ? reason : "");
	}
}

static void take_event(struct qmp_link *link, const json_t *message,
		       struct outcome *outcome)
{
	const char *event = json_member_text(message, "event");
	const json_t *data = json_object_get(message, "data");
	struct qmp_listener *next;

	if (!event)
		return;
	note_event(event, data, outcome);
	/* A listener may go when it has heard what it waited for. */
	for (struct qmp_listener *at = link->listeners; at; at = next) {
		next = at->next;
		at->event(at, event, data);
	}
}

static void take_answer(struct qmp_link *link, const json_t *message)
{
	for (size_t i = 0; i < QMP_CALLS; i++) {
		const struct qmp_call call = link->calls[i];

		if (!call.id || !qmp_message_answers(message, call.id))
			continue;
		link->calls[i] = (struct qmp_call){ 0 };
		call.answered(call.context, message);
		return;
	}
}

static void take_message(struct qmp_link *link, const json_t *message,
			 struct outcome *outcome)
{
	switch (qmp_message_kind(message)) {
	case QMP_EVENT:
		take_event(link, message, outcome);
		break;
	case QMP_RETURN:
	case QMP_ERROR:
		outcome->is_up = true;
		take_answer(link, message);
		break;
	case QMP_GREETING:
	case QMP_OTHER:
		break;
	}
}

static bool read_messages(struct qmp_link *link, struct outcome *outcome)
{
	struct err ignored;

	/* Who is told of a message may drop the link. */
	while (link->source.fd >= 0) {
		cleanup_json json_t *message = NULL;

		if (qmp_stream_next(&link->stream, &message, &ignored) < 0)
			return false;
		if (!message)
			return true;
		take_message(link, message, outcome);
	}
	return true;
}

void qmp_link_receive(struct qmp_link *link, struct outcome *outcome)
{
	char buf[4096];
	struct err ignored;

	if (link->source.fd < 0)
		return;
	ssize_t n = recv(link->source.fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 ||
	    qmp_stream_feed(&link->stream, buf, (size_t)n, &ignored) < 0 ||
	    !read_messages(link, outcome))
		qmp_link_close(link);
}
