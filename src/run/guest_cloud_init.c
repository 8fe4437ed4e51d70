/* SPDX-License-Identifier: Apache-2.0 */
#include "run/guest_cloud_init.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "run/cloud_status.h"
#include "run/guest_exec.h"
#include "run/ssh_login.h"

/* What a shell ends with when there is no such command. */
#define NOT_FOUND 127
/* ssh(1): an error of its own. */
#define SSH_FAILED 255
/* After cloud-init's last line, somebody must have got in within this time. */
#define ASK_MS 30000

struct cloud_wait {
	struct condition *condition;
	struct qga_listener agent;
	struct guest_exec exec;
	struct ssh_login login;
	struct ssh_exec asked; /* by ssh */
	struct event_source late;
};

static void note(struct condition *c, const char *text)
{
	c->ready->report->note(c->ready->report->context, text);
}

/* How it ended is in its text; its exit status differs by version. */
static void judge(struct condition *c, const char *text, int status)
{
	cleanup_free char *errors = NULL, *warning = NULL;

	switch (cloud_status_read(text, &errors)) {
	case CLOUD_DEGRADED:
		warning = xasprintf("warning: cloud-init had errors that it "
				    "could recover from: %s",
				    errors);
		note(c, warning);
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
		if (status == NOT_FOUND)
			ready_fail(c->ready, EXIT_NOT_READY,
				   "there is no cloud-init in this guest");
		else
			ready_fail(c->ready, EXIT_NOT_READY,
				   "'cloud-init status' ended with status %d "
				   "and said nothing that is known",
				   status);
		break;
	}
}

/* ---- by ssh -----------------------------------------------------------------
 */

static void start_login(struct cloud_wait *wait)
{
	if (wait->condition->ready->plan->ssh && !wait->login.is_active &&
	    !wait->asked.is_running)
		ssh_login_start(&wait->login);
}

/* Where ssh itself failed, the guest may be rebooting. */
static void take_answer(void *context, int status)
{
	struct cloud_wait *wait = context;

	if (!WIFEXITED(status) || WEXITSTATUS(status) == SSH_FAILED)
		start_login(wait);
	else
		judge(wait->condition, strbuf_str(&wait->asked.said),
		      WEXITSTATUS(status));
}

static void take_usable(void *context)
{
	struct cloud_wait *wait = context;
	struct err err;

	if (ssh_exec_start(&wait->asked, &wait->login.target,
			   ssh_login_user(&wait->login), CLOUD_STATUS_COMMAND,
			   0, &err) < 0)
		ready_fail(wait->condition->ready, EXIT_HOST, "%s", err.text);
}

static void take_unusable(void *context, const struct err *why)
{
	struct cloud_wait *wait = context;

	ready_fail(wait->condition->ready, EXIT_HOST, "%s", why->text);
}

/* ---- by the agent -----------------------------------------------------------
 */

static void take_status(void *context, struct qga_exec_end *end,
			const char *why)
{
	struct cloud_wait *wait = context;

	(void)why;
	/* One that is gone may come again: cloud-init may have rebooted the
	 * guest. One that may not run commands does not matter. */
	if (end)
		judge(wait->condition, strbuf_str(&end->out), end->status);
	else
		start_login(wait);
}

static void take_agent(struct qga_listener *listener)
{
	struct cloud_wait *wait = listener->context;

	if (wait->exec.agent->is_there && !wait->exec.is_running &&
	    !wait->asked.is_running &&
	    guest_exec_start(&wait->exec, CLOUD_STATUS_COMMAND, NULL, 0))
		ssh_login_stop(&wait->login);
}

/* ---- by its last line -------------------------------------------------------
 */

static void take_line(struct condition *c, const char *line, bool is_prompt)
{
	struct cloud_wait *wait = c->state;

	(void)is_prompt;
	if (wait && strstr(line, "Cloud-init v. ") &&
	    strstr(line, " finished at "))
		wait->late.due = event_now() + ASK_MS;
}

static void take_late(struct event_source *source, short revents)
{
	struct cloud_wait *wait = source->context;

	(void)revents;
	if (wait->asked.is_running || wait->exec.is_running) {
		source->due = event_now() + ASK_MS;
		return;
	}
	note(wait->condition,
	     "warning: cloud-init has ended, and whether without errors "
	     "nobody could ask: the guest has no agent, and ssh does not get "
	     "in");
	ready_met(wait->condition);
}

/* ---- the condition ----------------------------------------------------------
 */

static void start_cloud_init(struct condition *c)
{
	struct cloud_wait *wait = xcalloc(1, sizeof(*wait));
	struct reach *reach = c->ready->reach;
	const char *ssh = c->ready->plan->ssh;

	c->state = wait;
	wait->condition = c;
	wait->exec = (struct guest_exec){ .agent = &reach->agent,
					  .loop = reach->loop,
					  .done = take_status,
					  .context = wait };
	wait->login = (struct ssh_login){ .reach = reach,
					  .program = ssh,
					  .given = c->ready->plan->command.user,
					  .usable = take_usable,
					  .failed = take_unusable,
					  .context = wait };
	wait->asked = (struct ssh_exec){ .loop = reach->loop,
					 .program = ssh,
					 .done = take_answer,
					 .context = wait };
	wait->agent =
		(struct qga_listener){ .changed = take_agent, .context = wait };
	wait->late = (struct event_source){
		.fd = -1, .due = EVENT_NEVER, .call = take_late, .context = wait
	};
	event_add(reach->loop, &wait->late);
	qga_link_listen(&reach->agent, &wait->agent);
	start_login(wait);
}

static void stop_cloud_init(struct condition *c)
{
	struct cloud_wait *wait = c->state;

	event_remove(c->ready->loop, &wait->late);
	guest_exec_stop(&wait->exec);
	ssh_login_stop(&wait->login);
	ssh_exec_stop(&wait->asked);
	qga_link_unlisten(wait->exec.agent, &wait->agent);
	free(wait);
	c->state = NULL;
}

const struct condition_kind GUEST_CLOUD_INIT = { .start = start_cloud_init,
						 .line = take_line,
						 .stop = stop_cloud_init };
