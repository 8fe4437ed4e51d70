/* SPDX-License-Identifier: Apache-2.0 */
#include "run/guest_exec.h"

#include "base/json.h"

/* The agent tells of no end by itself. Most commands are short; who waits for
 * a long one does not mind a moment more. */
#define FIRST_POLL_MS 10
#define LAST_POLL_MS 500

static void finish(struct guest_exec *exec, struct qga_exec_end *end,
		   const char *why)
{
	guest_exec_stop(exec);
	exec->done(exec->context, end, why);
}

static void take_status(void *context, const json_t *answer)
{
	struct guest_exec *exec = context;
	struct qga_exec_end end;

	if (!answer || qga_error(answer)) {
		finish(exec, NULL,
		       answer ? qga_error(answer) : "the guest agent is gone");
		return;
	}
	switch (qga_exec_read(answer, &end)) {
	case QGA_EXEC_RUNS:
		exec->poll.due = event_now() + exec->wait_ms;
		exec->wait_ms = exec->wait_ms * 3 / 2;
		if (exec->wait_ms > LAST_POLL_MS)
			exec->wait_ms = LAST_POLL_MS;
		break;
	case QGA_EXEC_ENDED:
		finish(exec, &end, NULL);
		qga_exec_end_done(&end);
		break;
	case QGA_EXEC_UNKNOWN:
		finish(exec, NULL, "the guest agent's answer makes no sense");
		break;
	}
}

static void ask(struct event_source *source, short revents)
{
	struct guest_exec *exec = source->context;
	cleanup_json json_t *arguments = json_object();

	(void)revents;
	json_object_set_new(arguments, "pid", json_integer(exec->pid));
	if (!qga_link_call(exec->agent, "guest-exec-status", arguments,
			   take_status, exec))
		finish(exec, NULL, "the guest agent is gone");
}

static void take_start(void *context, const json_t *answer)
{
	struct guest_exec *exec = context;

	if (!answer || qga_error(answer))
		finish(exec, NULL,
		       answer ? qga_error(answer) : "the guest agent is gone");
	else if (!qga_exec_pid(answer, &exec->pid))
		finish(exec, NULL, "the guest agent's answer makes no sense");
	else {
		exec->is_started = true;
		exec->poll.due = event_now() + exec->wait_ms;
	}
}

bool guest_exec_start(struct guest_exec *exec, const char *command,
		      const void *input, size_t len)
{
	cleanup_json json_t *arguments =
		qga_exec_arguments(command, input, len);

	if (!qga_link_call(exec->agent, "guest-exec", arguments, take_start,
			   exec))
		return false;
	exec->is_running = true;
	exec->wait_ms = FIRST_POLL_MS;
	exec->poll = (struct event_source){
		.fd = -1, .due = EVENT_NEVER, .call = ask, .context = exec
	};
	event_add(exec->loop, &exec->poll);
	return true;
}

void guest_exec_stop(struct guest_exec *exec)
{
	if (!exec->is_running)
		return;
	exec->is_running = false;
	event_remove(exec->loop, &exec->poll);
	qga_link_forget(exec->agent, exec);
}
