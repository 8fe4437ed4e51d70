/* SPDX-License-Identifier: Apache-2.0 */
#include "run/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "run/usernet.h"

/* A guest that has no address yet is asked again. */
#define ASK_MS 500

/* ---- ports that the kernel chose --------------------------------------------
 */

static bool is_known(const struct reach *reach, const struct fwd_spec *fwd,
		     unsigned int port)
{
	for (size_t i = 0; i < reach->plan->forward_count; i++)
		if (reach->ports[i] == port &&
		    reach->plan->forwards[i].fwd.is_udp == fwd->is_udp)
			return true;
	return false;
}

static bool is_forward(const struct usernet_line *line,
		       const struct plan_forward *forward)
{
	const struct fwd_spec *fwd = &forward->fwd;
	bool is_any = str_eq(line->source, "*") &&
		      str_eq(fwd->address, "0.0.0.0");

	return str_eq(line->state, "HOST_FORWARD") &&
	       str_eq(line->netdev, forward->netdev) &&
	       line->is_udp == fwd->is_udp &&
	       line->target_port == fwd->guest_port &&
	       (is_any || str_eq(line->source, fwd->address));
}

/* Of several that are alike each gets one. */
static unsigned int find_port(const struct reach *reach,
			      const struct plan_forward *forward,
			      const char *answer)
{
	struct usernet_text text = { .rest = answer };
	struct usernet_line line;

	while (usernet_next(&text, &line))
		if (is_forward(&line, forward) &&
		    !is_known(reach, &forward->fwd, line.source_port))
			return line.source_port;
	return 0;
}

static void tell_port(const struct reach *reach, const struct fwd_spec *fwd,
		      unsigned int port)
{
	cleanup_free char *text =
		xasprintf("%s:%u leads to %sport %u of the guest", fwd->address,
			  port, fwd->is_udp ? "UDP " : "", fwd->guest_port);

	reach->report->note(reach->report->context, text);
}

static void take_ports(void *context, const json_t *answer)
{
	struct reach *reach = context;
	const char *text = json_member_text(answer, "return");

	for (size_t i = 0; text && i < reach->plan->forward_count; i++) {
		const struct plan_forward *forward = &reach->plan->forwards[i];

		if (reach->ports[i] != 0)
			continue;
		reach->ports[i] = find_port(reach, forward, text);
		if (reach->ports[i] != 0 && !forward->fwd.is_hostfwd)
			tell_port(reach, &forward->fwd, reach->ports[i]);
	}
}

static void find_ports(struct reach *reach)
{
	bool is_complete = true;

	reach->ports =
		xcalloc(reach->plan->forward_count, sizeof(*reach->ports));
	for (size_t i = 0; i < reach->plan->forward_count; i++) {
		const struct fwd_spec *fwd = &reach->plan->forwards[i].fwd;

		reach->ports[i] = fwd->host_port;
		is_complete = is_complete && fwd->host_port != 0;
	}
	if (is_complete)
		return;
	cleanup_json json_t *arguments = json_object();
	json_object_set_new(arguments, "command-line",
			    json_string("info usernet"));
	if (!qmp_link_call(reach->qmp, "human-monitor-command", arguments,
			   take_ports, reach))
		return;
}

/* ---- the guest's own addresses ----------------------------------------------
 */

static void take_addresses(void *context, const json_t *answer)
{
	struct reach *reach = context;

	if (answer)
		qga_read_addresses(answer, &reach->addresses);
	if (answer && reach->addresses.count == 0)
		reach->ask.due = event_now() + ASK_MS;
}

static void ask_addresses(struct event_source *source, short revents)
{
	struct reach *reach = source->context;

	(void)revents;
	if (reach->addresses.count == 0 &&
	    !qga_link_call(&reach->agent, "guest-network-get-interfaces", NULL,
			   take_addresses, reach))
		source->due = EVENT_NEVER;
}

static void take_agent(struct qga_listener *listener)
{
	struct reach *reach = listener->context;

	if (reach->agent.is_there && reach->plan->asks_addresses)
		ask_addresses(&reach->ask, 0);
}

/* ---- both -------------------------------------------------------------------
 */

void reach_start(struct reach *reach)
{
	find_ports(reach);
	reach->ask = (struct event_source){ .fd = -1,
					    .due = EVENT_NEVER,
					    .call = ask_addresses,
					    .context = reach };
	reach->listener = (struct qga_listener){ .changed = take_agent,
						 .context = reach };
	event_add(reach->loop, &reach->ask);
	qga_link_listen(&reach->agent, &reach->listener);
	qga_link_start(&reach->agent, reach->loop, reach->qmp);
}

void reach_done(struct reach *reach)
{
	qga_link_unlisten(&reach->agent, &reach->listener);
	qga_link_close(&reach->agent);
	if (reach->loop) {
		event_remove(reach->loop, &reach->ask);
		qmp_link_forget(reach->qmp, reach);
	}
	free(reach->ports);
	reach->ports = NULL;
	strv_done(&reach->addresses);
}

static bool set_target(struct reach_target *target, const char *host,
		       unsigned int port)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&target->address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&target->address;

	*target = (struct reach_target){ .port = port };
	snprintf(target->host, sizeof(target->host), "%s", host);
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		target->len = sizeof(*four);
		return true;
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) != 1)
		return false;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)port);
	target->len = sizeof(*six);
	return true;
}

bool reach_find(const struct reach *reach, unsigned int guest_port, size_t turn,
		struct reach_target *ret)
{
	for (size_t i = 0; i < reach->plan->forward_count; i++) {
		const struct fwd_spec *fwd = &reach->plan->forwards[i].fwd;
		bool is_any = str_eq(fwd->address, "0.0.0.0");

		if (fwd->is_udp || fwd->guest_port != guest_port)
			continue;
		if (reach->ports[i] == 0 ||
		    !set_target(ret, is_any ? "127.0.0.1" : fwd->address,
				reach->ports[i]))
			return false;
		ret->is_forwarded = true;
		return true;
	}
	if (reach->addresses.count == 0)
		return false;
	return set_target(ret,
			  reach->addresses.items[turn % reach->addresses.count],
			  guest_port);
}
