/* SPDX-License-Identifier: Apache-2.0 */
#include "run/guest_command.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/json.h"
#include "run/command_input.h"
#include "run/command_output.h"
#include "run/guest_exec.h"
#include "run/ssh_login.h"

/* ssh(1): an error of its own. */
#define SSH_FAILED 255
/* How long QEMU may take to end after the agent, or ssh, has lost the guest. */
#define GUEST_END_MS 2000
/* After so long, who waits for the end of the input says so. */
#define INPUT_MS 1000

struct guest_command {
	struct condition *condition;
	const struct plan_command *plan;
	struct reach *reach;
	bool is_begun; /* all else that was waited for is there */
	bool is_running; /* the command, by whomever */
	bool is_agents; /* it goes by the agent */
	bool is_refused; /* the agent runs no commands */
	int status;

	struct qga_listener agent;
	struct guest_exec exec;
	struct command_input input;
	struct command_output output;
	struct event_source input_hint;
	struct event_source lost;
	char *loss; /* owned; why the agent does not say how it ended */
	struct ssh_login login;
	struct process ssh;
	struct event_source ssh_end;
};

static void fail(struct guest_command *gc, const char *why)
{
	ready_fail(gc->condition->ready, EXIT_HOST, "%s", why);
}

/* From now on the terminal is the command's. */
static void note_running(struct guest_command *gc, const char *who)
{
	gc->is_running = true;
	event_remove(gc->reach->loop, &gc->input_hint);
	ready_hand_over(gc->condition->ready, who);
}

static void finish(struct guest_command *gc, int status)
{
	struct ready *ready = gc->condition->ready;

	ready->is_command_done = true;
	ready->command_status = status;
	ready_met(gc->condition);
}

/* ---- by the agent -----------------------------------------------------------
 */

static void take_written(void *context, int error)
{
	struct guest_command *gc = context;

	if (error)
		ready_fail(gc->condition->ready, EXIT_HOST,
			   "cannot write what the command has written: %s",
			   strerrordesc_np(error));
	else
		finish(gc, gc->status);
}

/* QEMU has not ended, which would have said more. */
static void take_loss(struct event_source *source, short revents)
{
	struct guest_command *gc = source->context;

	(void)revents;
	ready_fail(gc->condition->ready, EXIT_HOST, "%s: %s",
		   gc->exec.is_started
			   ? "it is not known how the command ended"
			   : "the guest agent did not run the command",
		   gc->loss);
}

static void take_exec(void *context, struct qga_exec_end *end, const char *why)
{
	struct guest_command *gc = context;
	const struct run_report *report = gc->reach->report;

	if (!end) {
		gc->loss = xstrdup(why);
		gc->lost.due = event_now() + GUEST_END_MS;
		return;
	}
	if (end->is_cut)
		report->note(report->context,
			     "warning: the command wrote more than the guest "
			     "agent keeps, 16 MiB; the rest is lost");
	gc->status = end->status;
	command_output_start(&gc->output, gc->reach->loop, &end->out,
			     &end->err);
}

static void start_exec(struct guest_command *gc)
{
	if (gc->input.is_too_long) {
		fail(gc, "standard input has more than 4 MiB, which is more "
			 "than a guest agent takes; --run-by ssh takes any");
		return;
	}
	if (gc->input.error) {
		ready_fail(gc->condition->ready, EXIT_HOST,
			   "cannot read standard input: %s",
			   strerrordesc_np(gc->input.error));
		return;
	}
	note_running(gc, "the guest agent");
	if (!guest_exec_start(&gc->exec, gc->plan->text,
			      strbuf_str(&gc->input.bytes),
			      gc->input.bytes.len))
		fail(gc, "the guest agent is gone");
}

static void take_input(void *context)
{
	struct guest_command *gc = context;

	if (gc->is_agents)
		start_exec(gc);
}

static void start_input(struct guest_command *gc)
{
	if (!gc->input.loop)
		command_input_start(&gc->input, gc->reach->loop,
				    gc->plan->is_input_empty);
}

/* It is there, and may: so it is the one, and ssh is no more. */
static void choose_agent(struct guest_command *gc)
{
	gc->is_agents = true;
	ssh_login_stop(&gc->login);
	start_input(gc);
	if (gc->input.is_whole)
		start_exec(gc);
	else
		gc->input_hint.due = event_now() + INPUT_MS;
}

static void take_info(void *context, const json_t *answer)
{
	struct guest_command *gc = context;
	const struct run_report *report = gc->reach->report;

	if (!answer || gc->is_running)
		return;
	if (qga_may_use(answer, "guest-exec")) {
		choose_agent(gc);
		return;
	}
	gc->is_refused = true;
	if (!gc->plan->by_ssh)
		fail(gc, "the guest agent runs no commands: its configuration "
			 "forbids guest-exec");
	else
		report->note(report->context,
			     "the guest agent runs no commands, as its "
			     "configuration has it; the command goes by ssh");
}

static void try_agent(struct guest_command *gc)
{
	if (gc->plan->by_agent && gc->is_begun && !gc->is_running &&
	    !gc->is_agents && !gc->is_refused && gc->reach->agent.is_there &&
	    !qga_link_call(&gc->reach->agent, "guest-info", NULL, take_info,
			   gc))
		fail(gc, "too much is asked of the guest agent at once");
}

static void take_agent(struct qga_listener *listener)
{
	try_agent(listener->context);
}

static void hint_at_input(struct event_source *source, short revents)
{
	struct guest_command *gc = source->context;
	const struct run_report *report = gc->reach->report;

	(void)revents;
	report->note(report->context,
		     "standard input is read to its end for the command, "
		     "before it starts; </dev/null gives it none");
}

/* ---- by ssh -----------------------------------------------------------------
 */

static void take_ssh_end(struct event_source *source, short revents)
{
	struct guest_command *gc = source->context;
	const struct run_report *report = gc->reach->report;
	struct err err;
	int status;

	if (revents == 0) {
		report->note(report->context,
			     "warning: ssh ended with status 255: it failed, "
			     "unless the command did so itself");
		finish(gc, SSH_FAILED);
		return;
	}
	source->fd = -1;
	if (process_wait(&gc->ssh, &status, &err) < 0)
		fail(gc, err.text);
	/* When the guest ends, so does ssh, and a moment later QEMU: that says
	 * more. */
	else if (WIFEXITED(status) && WEXITSTATUS(status) == SSH_FAILED)
		source->due = event_now() + GUEST_END_MS;
	else
		finish(gc, WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					       : WEXITSTATUS(status));
}

static void take_usable(void *context)
{
	struct guest_command *gc = context;
	struct ssh_login *login = &gc->login;
	const char *user = ssh_login_user(login);
	cleanup_strv struct strv argv = STRV_INIT;
	cleanup_free char *who =
		xasprintf("ssh%s%s", user ? " as " : "", user ? user : "");
	struct err err;

	ssh_add_argv(&argv, login->target.host, login->target.port, user,
		     gc->plan->text);
	const struct process_start start = {
		.path = gc->condition->ready->plan->ssh,
		.argv = argv.items,
		.death_signal = SIGTERM,
		.is_stdin_empty = gc->plan->is_input_empty,
	};
	note_running(gc, who);
	if (process_start(&start, &gc->ssh, &err) < 0) {
		fail(gc, err.text);
		return;
	}
	gc->ssh_end = (struct event_source){ .fd = gc->ssh.pidfd,
					     .events = POLLIN,
					     .due = EVENT_NEVER,
					     .call = take_ssh_end,
					     .context = gc };
	event_add(gc->reach->loop, &gc->ssh_end);
}

static void take_unusable(void *context, const struct err *why)
{
	fail(context, why->text);
}

static void end_ssh(struct guest_command *gc)
{
	struct err ignored;
	int status;

	event_remove(gc->reach->loop, &gc->ssh_end);
	if (gc->ssh.pidfd < 0)
		return;
	/* Where it was stopped, it must go on to end. */
	process_signal(&gc->ssh, SIGTERM);
	process_signal(&gc->ssh, SIGCONT);
	if (process_wait(&gc->ssh, &status, &ignored) < 0)
		close_fd(&gc->ssh.pidfd);
}

/* ---- the condition ----------------------------------------------------------
 */

static void start_command(struct condition *c)
{
	struct guest_command *gc = xcalloc(1, sizeof(*gc));
	struct reach *reach = c->ready->reach;
	const struct plan_command *plan = &c->ready->plan->command;

	c->state = gc;
	*gc = (struct guest_command){ .condition = c,
				      .plan = plan,
				      .reach = reach,
				      .ssh = PROCESS_INIT };
	gc->agent =
		(struct qga_listener){ .changed = take_agent, .context = gc };
	gc->exec = (struct guest_exec){ .agent = &reach->agent,
					.loop = reach->loop,
					.done = take_exec,
					.context = gc };
	gc->input =
		(struct command_input){ .ended = take_input, .context = gc };
	gc->output =
		(struct command_output){ .done = take_written, .context = gc };
	gc->login = (struct ssh_login){ .reach = reach,
					.program = c->ready->plan->ssh,
					.given = plan->user,
					.usable = take_usable,
					.failed = take_unusable,
					.context = gc };
	gc->input_hint = (struct event_source){ .fd = -1,
						.due = EVENT_NEVER,
						.call = hint_at_input,
						.context = gc };
	gc->lost = gc->input_hint;
	gc->lost.call = take_loss;
	qga_link_listen(&reach->agent, &gc->agent);
	event_add(reach->loop, &gc->input_hint);
	event_add(reach->loop, &gc->lost);
	/* ssh reads it itself, and must find all of it there. */
	if (!plan->by_ssh)
		start_input(gc);
}

static void begin_command(struct condition *c)
{
	struct guest_command *gc = c->state;

	gc->is_begun = true;
	if (gc->plan->by_ssh)
		ssh_login_start(&gc->login);
	try_agent(gc);
}

static void stop_command(struct condition *c)
{
	struct guest_command *gc = c->state;

	qga_link_unlisten(&gc->reach->agent, &gc->agent);
	qga_link_forget(&gc->reach->agent, gc);
	event_remove(gc->reach->loop, &gc->input_hint);
	event_remove(gc->reach->loop, &gc->lost);
	guest_exec_stop(&gc->exec);
	command_input_done(&gc->input);
	command_output_stop(&gc->output);
	ssh_login_stop(&gc->login);
	end_ssh(gc);
	free(gc->loss);
	free(gc);
	c->state = NULL;
}

const struct condition_kind GUEST_COMMAND = { .start = start_command,
					      .stop = stop_command,
					      .last = begin_command };

void guest_command_power_off(struct reach *reach)
{
	cleanup_json json_t *arguments = json_object();

	json_object_set_new(arguments, "mode", json_string("powerdown"));
	qga_link_send(&reach->agent, "guest-shutdown", arguments);
}
