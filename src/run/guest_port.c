/* SPDX-License-Identifier: Apache-2.0 */
#include "run/guest_port.h"

#include <stdlib.h>

#include "run/probe.h"

static void take_met(void *context)
{
	ready_met(context);
}

static void start_port(struct condition *c)
{
	struct probe *probe = xcalloc(1, sizeof(*probe));

	c->state = probe;
	*probe = (struct probe){
		.reach = c->ready->reach,
		.guest_port = c->spec->port,
		.wants_banner = c->spec->kind == WAIT_SSH,
		.met = take_met,
		.context = c,
	};
	probe_start(probe);
}

static const char *why_not(struct condition *c)
{
	return probe_why(c->state);
}

static void stop_port(struct condition *c)
{
	probe_stop(c->state);
	free(c->state);
	c->state = NULL;
}

const struct condition_kind GUEST_PORT = { .start = start_port,
					   .stop = stop_port,
					   .why_not = why_not };
