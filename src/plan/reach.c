/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/reach.h"

#include <errno.h>

#include "plan/forward.h"

#define SSH_PORT 22
#define LOOPBACK "127.0.0.1"
/* How long the guest of a command may take to power down; a minute is what an
 * emulated one needs. */
#define POWER_OFF_MS 60000U

static bool waits_for_cloud_init(const struct run_spec *spec)
{
	for (size_t i = 0; i < spec->wait_count; i++)
		if (spec->waits[i].kind == WAIT_CLOUD_INIT)
			return true;
	return false;
}

bool reach_asks_ssh(const struct run_spec *spec)
{
	return command_may_go(&spec->command, COMMAND_BY_SSH) ||
	       waits_for_cloud_init(spec);
}

static bool is_forwarded(const struct plan *plan, unsigned int port)
{
	for (size_t i = 0; i < plan->forward_count; i++)
		if (!plan->forwards[i].fwd.is_udp &&
		    plan->forwards[i].fwd.guest_port == port)
			return true;
	return false;
}

/* One of a later NIC's forwards, which is not in the plan yet. */
static bool will_be_forwarded(const struct run_spec *spec, unsigned int port)
{
	for (size_t i = 0; i < spec->nic_count; i++) {
		const struct nic_spec *nic = &spec->nics[i];

		for (size_t j = 0; j < nic->forward_count; j++)
			if (!nic->forwards[j].is_udp &&
			    nic->forwards[j].guest_port == port)
				return true;
	}
	return false;
}

static void add_forward(struct plan *plan, struct strbuf *netdev,
			const struct run_spec *spec, const char *id,
			unsigned int port)
{
	const struct fwd_spec fwd = { .address = LOOPBACK, .guest_port = port };

	if (port != 0 && !is_forwarded(plan, port) &&
	    !will_be_forwarded(spec, port))
		forward_add(plan, netdev, id, &fwd);
}

void reach_add_forwards(struct plan *plan, struct strbuf *netdev,
			const struct run_spec *spec, const struct facts *facts,
			const char *id)
{
	if (plan->has_user_nic)
		return;
	plan->has_user_nic = true;
	for (size_t i = 0; i < spec->wait_count; i++)
		add_forward(plan, netdev, spec, id, spec->waits[i].port);
	if (reach_asks_ssh(spec) && facts->ssh)
		add_forward(plan, netdev, spec, id, SSH_PORT);
}

/* The first condition that cannot do without the agent, or NULL. cloud-init can
 * be asked by ssh, or be believed. */
static const struct wait_spec *wait_for_agent(const struct plan *plan,
					      const struct run_spec *spec)
{
	for (size_t i = 0; i < spec->wait_count && !plan->has_user_nic; i++)
		if (spec->waits[i].port != 0)
			return &spec->waits[i];
	return NULL;
}

/* The user has put something else, or the same, on the agent's port. */
static int check_taken(const struct run_spec *spec, const char *option,
		       const char *value, struct err *err)
{
	if (!spec->passthrough.names_agent)
		return 0;
	return err_set(err, -EINVAL,
		       "%s%s%s%s asks the guest agent, and an argument after "
		       "'--' has its port, " AGENT_PORT "; leave that out",
		       option, value ? " '" : "", value ? value : "",
		       value ? "'" : "");
}

static int choose_command(struct plan *plan, const struct run_spec *spec,
			  const struct facts *facts, struct err *err)
{
	const struct command_spec *command = &spec->command;
	struct plan_command *ret = &plan->command;
	bool is_agent_taken = spec->passthrough.names_agent;

	if (!command->text)
		return 0;
	ret->text = xstrdup(command->text);
	ret->user = command->user ? xstrdup(command->user) : NULL;
	ret->by_ssh = command_may_go(command, COMMAND_BY_SSH) && facts->ssh;
	ret->by_agent = command_may_go(command, COMMAND_BY_AGENT) &&
			(!is_agent_taken || !ret->by_ssh);
	ret->is_input_empty = spec->stdin_choice == STDIN_EMPTY;
	ret->power_off_ms = spec->grace_ms ? spec->grace_ms : POWER_OFF_MS;
	if (!ret->by_agent && !facts->ssh)
		return err_set(err, -ENOENT,
			       "--run: ssh is not installed; its package is "
			       "openssh-client (Debian, Ubuntu), "
			       "openssh-clients (Fedora, SUSE) or openssh "
			       "(Arch)");
	return ret->by_agent ? check_taken(spec, "--run", NULL, err) : 0;
}

int reach_choose(struct plan *plan, const struct run_spec *spec,
		 const struct facts *facts, struct err *err)
{
	int r = choose_command(plan, spec, facts, err);
	if (r < 0)
		return r;
	if (reach_asks_ssh(spec) && facts->ssh)
		plan->ssh = xstrdup(facts->ssh);
	const struct wait_spec *wait = wait_for_agent(plan, spec);
	if (wait)
		r = check_taken(spec, "--wait", wait->arg, err);
	if (r < 0)
		return r;
	bool is_agent_ours = !spec->passthrough.names_agent;
	plan->asks_addresses = !plan->has_user_nic && is_agent_ours &&
			       (wait || plan->ssh);
	plan->has_agent = wait || plan->command.by_agent ||
			  plan->asks_addresses ||
			  (is_agent_ours && waits_for_cloud_init(spec));
	return 0;
}

void reach_add_output(struct plan *plan, const struct run_spec *spec)
{
	/* -nographic is --fast's, too. */
	if (spec->command.text && !spec->passthrough.names_output &&
	    !strv_has(&plan->argv, "-nographic"))
		plan_add_arg(plan, "-display", xstrdup("none"));
}

void reach_add_agent(struct plan *plan, const struct machine *machine)
{
	if (!plan->has_agent)
		return;
	int socket = plan_add_fd(plan, PLAN_FD_AGENT)->number;
	plan_add_arg(plan, "-chardev",
		     xasprintf("socket,id=" AGENT_DEVICE ",fd=%d", socket));
	plan_add_arg(plan, "-device",
		     xasprintf("virtio-serial-%s,id=xkvm-serial",
			       machine->virtio_bus));
	plan_add_arg(plan, "-device",
		     xstrdup("virtserialport,bus=xkvm-serial.0,"
			     "chardev=" AGENT_DEVICE ",id=" AGENT_DEVICE
			     ",name=" AGENT_PORT));
}
