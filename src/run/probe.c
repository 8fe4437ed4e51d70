/* SPDX-License-Identifier: Apache-2.0 */
#include "run/probe.h"

#include <errno.h>
#include <unistd.h>

#include "base/json.h"
#include "run/usernet.h"

/* From one try to the next. */
#define RETRY_MS 250
/* A guest that does not accept within this time is asked anew. */
#define ACCEPT_MS 1000
/* One that has accepted may be slow to speak. */
#define SPEAK_MS 30000
/* How often QEMU is asked whether the guest has accepted. */
#define CHECK_MS 100

static void give_up(struct probe *probe, enum probe_trouble trouble,
		    int64_t wait_ms)
{
	probe->trouble = trouble;
	close_fd(&probe->source.fd);
	probe->check.due = EVENT_NEVER;
	probe->source.due = event_now() + wait_ms;
}

static void succeed(struct probe *probe)
{
	probe_stop(probe);
	probe->met(probe->context);
}

/* The guest has it. */
static void accepted(struct probe *probe)
{
	probe->is_accepted = true;
	probe->check.due = EVENT_NEVER;
	if (!probe->wants_banner)
		succeed(probe);
	else
		probe->source.due = event_now() + SPEAK_MS;
}

/* ---- what QEMU knows --------------------------------------------------------
 */

static bool is_established(const struct probe *probe, const char *answer)
{
	struct usernet_text text = { .rest = answer };
	struct usernet_line line;

	while (usernet_next(&text, &line))
		if (!line.is_udp && str_eq(line.state, "ESTABLISHED") &&
		    line.source_port == probe->host_port &&
		    line.target_port == probe->guest_port)
			return true;
	return false;
}

static void take_connections(void *context, const json_t *answer)
{
	struct probe *probe = context;
	const char *text = json_member_text(answer, "return");

	if (probe->source.fd < 0 || probe->is_accepted)
		return;
	if (text && is_established(probe, text))
		accepted(probe);
	else
		probe->check.due = event_now() + CHECK_MS;
}

static void check(struct event_source *source, short revents)
{
	struct probe *probe = source->context;
	cleanup_json json_t *arguments = json_object();

	(void)revents;
	json_object_set_new(arguments, "command-line",
			    json_string("info usernet"));
	if (!qmp_link_call(probe->reach->qmp, "human-monitor-command",
			   arguments, take_connections, probe))
		source->due = event_now() + CHECK_MS;
}

/* ---- the connection ---------------------------------------------------------
 */

static void note_connected(struct probe *probe)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(probe->source.fd, SOL_SOCKET, SO_ERROR, &error, &len) <
		    0 ||
	    error != 0) {
		give_up(probe,
			error == ECONNREFUSED ? PROBE_REFUSED
					      : PROBE_UNANSWERED,
			RETRY_MS);
		return;
	}
	probe->source.events = POLLIN;
	if (!probe->is_forwarded)
		accepted(probe);
	else
		probe->check.due = event_now() + CHECK_MS;
}

/* A server may say other lines first. */
static bool has_banner(const struct probe *probe)
{
	return str_starts(probe->seen, "SSH-") ||
	       strstr(probe->seen, "\nSSH-") != NULL;
}

static void take_bytes(struct probe *probe)
{
	char *at = probe->seen + probe->seen_len;
	size_t room = sizeof(probe->seen) - 1 - probe->seen_len;
	ssize_t n = recv(probe->source.fd, at, room, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* The guest refused, hung up, or talks too much before its banner. */
	if (n <= 0) {
		give_up(probe, probe->is_accepted ? PROBE_MUTE : PROBE_REFUSED,
			RETRY_MS);
		return;
	}
	for (ssize_t i = 0; i < n; i++)
		if (at[i] == '\0')
			at[i] = '?';
	probe->seen_len += (size_t)n;
	probe->seen[probe->seen_len] = '\0';
	if (!probe->wants_banner || has_banner(probe))
		succeed(probe);
}

static void connect_to(struct probe *probe, const struct reach_target *target)
{
	int fd = socket(target->address.ss_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	probe->source.due = event_now() + ACCEPT_MS;
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)&target->address,
		    target->len) < 0 &&
	    errno != EINPROGRESS) {
		close(fd);
		probe->source.due = event_now() + RETRY_MS;
		return;
	}
	probe->source.fd = fd;
	probe->source.events = POLLOUT;
	probe->is_forwarded = target->is_forwarded;
	probe->host_port = target->port;
	probe->is_accepted = false;
	probe->seen_len = 0;
	probe->seen[0] = '\0';
}

static void begin_try(struct probe *probe)
{
	struct reach_target target;

	if (reach_find(probe->reach, probe->guest_port, probe->turn++, &target))
		connect_to(probe, &target);
	else
		give_up(probe, PROBE_NOWHERE, RETRY_MS);
}

static void handle(struct event_source *source, short revents)
{
	struct probe *probe = source->context;

	if (revents == 0 && source->fd >= 0)
		give_up(probe,
			probe->is_accepted ? PROBE_MUTE : PROBE_UNANSWERED, 0);
	else if (revents == 0)
		begin_try(probe);
	else if (source->events == POLLOUT)
		note_connected(probe);
	else
		take_bytes(probe);
}

const char *probe_why(const struct probe *probe)
{
	switch (probe->trouble) {
	case PROBE_NOT_TRIED:
		break;
	case PROBE_NOWHERE:
		return "no address of the guest is known";
	case PROBE_UNANSWERED:
		return "the guest does not answer on the network";
	case PROBE_REFUSED:
		return "nobody listens to that port in the guest";
	case PROBE_MUTE:
		return "who listens to that port does not speak SSH";
	}
	return NULL;
}

void probe_start(struct probe *probe)
{
	probe->source = (struct event_source){
		.fd = -1, .due = event_now(), .call = handle, .context = probe
	};
	probe->check = (struct event_source){
		.fd = -1, .due = EVENT_NEVER, .call = check, .context = probe
	};
	event_add(probe->reach->loop, &probe->source);
	event_add(probe->reach->loop, &probe->check);
}

void probe_stop(struct probe *probe)
{
	if (!probe->source.call)
		return;
	event_remove(probe->reach->loop, &probe->source);
	event_remove(probe->reach->loop, &probe->check);
	qmp_link_forget(probe->reach->qmp, probe);
	close_fd(&probe->source.fd);
	probe->source.call = NULL;
}
