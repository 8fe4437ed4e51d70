/* SPDX-License-Identifier: Apache-2.0 */
#include "run/guest_conditions.h"

#include <stdlib.h>

#include "run/cloud_status.h"
#include "run/guest_exec.h"
#include "run/probe.h"

/* What a shell ends with when there is no such command. */
#define NOT_FOUND 127

/* ---- ssh, port:N ------------------------------------------------------------
 */

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

static void stop_port(struct condition *c)
{
	probe_stop(c->state);
	free(c->state);
	c->state = NULL;
}

const struct condition_kind GUEST_PORT = { .start = start_port,
					   .stop = stop_port };

/* ---- cloud-init -------------------------------------------------------------
 */

struct cloud_wait {
	struct condition *condition;
	struct qga_listener agent;
	struct guest_exec exec;
};

/* How it ended is in its text; its exit status differs by version. */
static void judge(struct condition *c, const struct qga_exec_end *end)
{
	const struct run_report *report = c->ready->report;
	cleanup_free char *errors = NULL;
	enum cloud_state state =
		cloud_status_read(strbuf_str(&end->out), &errors);
	cleanup_free char *note = NULL;

	switch (state) {
	case CLOUD_DEGRADED:
		note = xasprintf("warning: cloud-init had errors that it "
				 "could recover from: %s",
				 errors);
		report->note(report->context, note);
		ready_met(c);
		break;
	case CLOUD_DONE:
		ready_met(c);
		break;
	case CLOUD_ERROR:
		ready_fail(c->ready, EXIT_NOT_READY, "cloud-init failed: %s",
			   *errors ? errors : "it does not say why");
		break;
	case CLOUD_DISABLED:
		ready_fail(c->ready, EXIT_NOT_READY,
			   "cloud-init is disabled in this guest");
		break;
	case CLOUD_UNKNOWN:
		if (end->status == NOT_FOUND)
			ready_fail(c->ready, EXIT_NOT_READY,
				   "there is no cloud-init in this guest");
		else
			ready_fail(c->ready, EXIT_NOT_READY,
				   "'cloud-init status' ended with status %d "
				   "and said nothing that is known",
				   end->status);
		break;
	}
}

static void take_status(void *context, struct qga_exec_end *end,
			const char *why)
{
	struct cloud_wait *wait = context;

	if (end)
		judge(wait->condition, end);
	/* An agent that comes again is asked again: cloud-init may have
	 * rebooted the guest, or installed another agent. */
	else if (wait->exec.agent->is_there)
		ready_fail(wait->condition->ready, EXIT_NOT_READY,
			   "the guest agent cannot ask cloud-init: %s", why);
}

static void take_agent(struct qga_listener *listener)
{
	struct cloud_wait *wait = listener->context;

	if (!wait->exec.agent->is_there || wait->exec.is_running)
		return;
	wait->exec.is_started = false;
	if (!guest_exec_start(&wait->exec, CLOUD_STATUS_COMMAND, NULL, 0))
		ready_fail(wait->condition->ready, EXIT_HOST,
			   "too much is asked of the guest agent at once");
}

static void start_cloud_init(struct condition *c)
{
	struct cloud_wait *wait = xcalloc(1, sizeof(*wait));
	struct reach *reach = c->ready->reach;

	c->state = wait;
	wait->condition = c;
	wait->exec = (struct guest_exec){ .agent = &reach->agent,
					  .loop = reach->loop,
					  .done = take_status,
					  .context = wait };
	wait->agent =
		(struct qga_listener){ .changed = take_agent, .context = wait };
	qga_link_listen(&reach->agent, &wait->agent);
}

static void stop_cloud_init(struct condition *c)
{
	struct cloud_wait *wait = c->state;

	guest_exec_stop(&wait->exec);
	qga_link_unlisten(wait->exec.agent, &wait->agent);
	free(wait);
	c->state = NULL;
}

const struct condition_kind GUEST_CLOUD_INIT = { .start = start_cloud_init,
						 .stop = stop_cloud_init };
