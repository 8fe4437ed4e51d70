/* SPDX-License-Identifier: Apache-2.0 */
#include "run/qga_link.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/json.h"

/* ---- sending ----------------------------------------------------------------
 */

/* As much as there is room for. */
static void flush(struct qga_link *link)
{
	ssize_t n = 0;

	if (link->out.len > 0)
		n = send(link->source.fd, strbuf_str(&link->out), link->out.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		strbuf_consume(&link->out, (size_t)n);
	/* An end that is gone is seen when it is read. */
	link->source.events =
		(short)(POLLIN |
			(link->out.len > 0 && (n >= 0 || errno == EAGAIN)
				 ? POLLOUT
				 : 0));
}

static void send_sync(struct qga_link *link)
{
	cleanup_free char *text = qga_sync_text(++link->sync_id);

	strbuf_addstr(&link->out, text);
	flush(link);
}

bool qga_link_send(struct qga_link *link, const char *command,
		   json_t *arguments)
{
	if (!link->is_there)
		return false;
	cleanup_free char *text = qga_command_text(command, arguments);
	strbuf_addstr(&link->out, text);
	flush(link);
	return true;
}

bool qga_link_call(struct qga_link *link, const char *command,
		   json_t *arguments,
		   void (*answered)(void *context, const json_t *answer),
		   void *context)
{
	if (link->call_count == QGA_CALLS ||
	    !qga_link_send(link, command, arguments))
		return false;
	link->calls[link->call_count++] =
		(struct qga_call){ answered, context };
	if (link->call_count == 1)
		link->source.due = event_now() + QGA_ANSWER_MS;
	return true;
}

/* ---- coming and going -------------------------------------------------------
 */

/* A listener may go when it has heard. */
static void tell(struct qga_link *link)
{
	struct qga_listener *next;

	for (struct qga_listener *at = link->listeners; at; at = next) {
		next = at->next;
		at->changed(at);
	}
}

static void lose_calls(struct qga_link *link)
{
	struct qga_call lost[QGA_CALLS];
	size_t count = link->call_count;

	memcpy(lost, link->calls, sizeof(lost));
	link->call_count = 0;
	link->source.due = EVENT_NEVER;
	for (size_t i = 0; i < count; i++)
		if (lost[i].answered)
			lost[i].answered(lost[i].context, NULL);
}

static void lose(struct qga_link *link)
{
	bool was_there = link->is_there;

	link->is_there = false;
	qga_stream_done(&link->stream);
	strbuf_done(&link->out);
	lose_calls(link);
	if (was_there)
		tell(link);
}

void qga_link_close(struct qga_link *link)
{
	if (link->loop) {
		event_remove(link->loop, &link->source);
		qmp_link_unlisten(link->qmp, &link->port);
	}
	close_fd(&link->source.fd);
	lose(link);
}

static void take_event(struct qmp_listener *listener, const char *event,
		       const json_t *data)
{
	struct qga_link *link = listener->context;
	const char *id = json_member_text(data, "id");

	if (!str_eq(event, "VSERPORT_CHANGE") || !id || !str_eq(id, QGA_DEVICE))
		return;
	lose(link);
	link->is_silent = false;
	if (json_is_true(json_object_get(data, "open")))
		send_sync(link);
}

/* ---- receiving --------------------------------------------------------------
 */

static void take_answer(struct qga_link *link, const json_t *answer)
{
	const struct qga_call call = link->calls[0];

	/* One that nobody has asked for. */
	if (link->call_count == 0)
		return;
	link->call_count--;
	memmove(link->calls, link->calls + 1,
		link->call_count * sizeof(link->calls[0]));
	link->source.due = link->call_count > 0 ? event_now() + QGA_ANSWER_MS
						: EVENT_NEVER;
	if (call.answered)
		call.answered(call.context, answer);
}

static void take_object(struct qga_link *link, const json_t *object)
{
	if (link->is_there) {
		take_answer(link, object);
	} else if (qga_is_sync(object, link->sync_id)) {
		link->is_there = true;
		link->is_silent = false;
		tell(link);
	}
}

static void receive(struct qga_link *link)
{
	char buf[4096];
	struct err ignored;
	ssize_t n = recv(link->source.fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		qga_link_close(link);
		return;
	}
	if (qga_stream_feed(&link->stream, buf, (size_t)n, &ignored) < 0) {
		lose(link);
		link->is_silent = true;
		return;
	}
	for (;;) {
		cleanup_json json_t *object = qga_stream_next(&link->stream);

		if (!object)
			return;
		take_object(link, object);
	}
}

static void handle(struct event_source *source, short revents)
{
	struct qga_link *link = source->context;

	if (revents == 0) {
		link->is_silent = true;
		lose(link);
		send_sync(link);
		return;
	}
	if (revents & POLLOUT)
		flush(link);
	if (revents & ~POLLOUT)
		receive(link);
}

/* ---- the rest ---------------------------------------------------------------
 */

int qga_link_open(struct qga_link *link, int *ret_qemu, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	*link = (struct qga_link)QGA_LINK_INIT;
	link->source.fd = pair[0];
	*ret_qemu = pair[1];
	return 0;
}

void qga_link_start(struct qga_link *link, struct event_loop *loop,
		    struct qmp_link *qmp)
{
	if (link->source.fd < 0)
		return;
	link->loop = loop;
	link->qmp = qmp;
	link->source.call = handle;
	link->source.context = link;
	link->source.events = POLLIN;
	link->port =
		(struct qmp_listener){ .event = take_event, .context = link };
	event_add(loop, &link->source);
	qmp_link_listen(qmp, &link->port);
	send_sync(link);
}

void qga_link_forget(struct qga_link *link, const void *context)
{
	for (size_t i = 0; i < link->call_count; i++)
		if (link->calls[i].context == context)
			link->calls[i].answered = NULL;
}

void qga_link_listen(struct qga_link *link, struct qga_listener *listener)
{
	listener->next = link->listeners;
	link->listeners = listener;
}

void qga_link_unlisten(struct qga_link *link, struct qga_listener *listener)
{
	struct qga_listener **at = &link->listeners;

	while (*at && *at != listener)
		at = &(*at)->next;
	if (*at)
		*at = listener->next;
}
