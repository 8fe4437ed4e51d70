/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include "base/quote.h"
#include "cmd/command.h"

static void add_argv(struct strbuf *sb, const struct strv *argv)
{
	for (size_t i = 0; i < argv->count; i++) {
		/* A value stands behind its option. */
		bool is_value = i > 1 && argv->items[i][0] != '-' &&
				argv->items[i - 1][0] == '-';

		if (i > 0)
			strbuf_addch(sb, is_value ? ' ' : '\n');
		quote_shell(sb, argv->items[i]);
	}
	strbuf_addch(sb, '\n');
}

/* On one line, with single blanks. */
static void add_config(struct strbuf *sb, const char *content)
{
	for (const char *c = content; *c; c++) {
		bool is_blank = *c == '\n' || *c == ' ';

		if (!is_blank)
			strbuf_addch(sb, *c);
		else if (c[1] != ' ' && c[1] != '\0')
			strbuf_addch(sb, ' ');
	}
}

static void add_queue(struct strbuf *sb, const char *what,
		      const struct plan_tap *tap, unsigned int queue)
{
	if (tap->queues > 1)
		strbuf_addf(sb, "queue %u of the ", queue);
	strbuf_addf(sb, "%s of %s", what, tap->netdev);
}

static void add_size(struct strbuf *sb, uint64_t size)
{
	if (size)
		strbuf_addf(sb, ", filled up to %llu",
			    (unsigned long long)size);
}

static void add_image(struct strbuf *sb, const struct plan_image *image)
{
	strbuf_addstr(sb, image->format);
	if (image->base)
		strbuf_addf(sb, " on %s (%s)", image->base, image->base_format);
	if (image->size)
		strbuf_addf(sb, ", %llu bytes",
			    (unsigned long long)image->size);
}

static void add_fd(struct strbuf *sb, const struct plan *plan,
		   const struct plan_fd *fd)
{
	strbuf_addf(sb, "descriptor %d: ", fd->number);
	switch (fd->kind) {
	case PLAN_FD_TAP:
		add_queue(sb, "tap", &plan->taps[fd->nic], fd->queue);
		break;
	case PLAN_FD_VHOST_NET:
		add_queue(sb, "vhost-net", &plan->taps[fd->nic], fd->queue);
		break;
	case PLAN_FD_NVRAM:
		strbuf_addf(sb, "private copy of %s", fd->path);
		add_size(sb, fd->size);
		break;
	case PLAN_FD_LOCK:
		strbuf_addf(sb, "%slock of %s", fd->is_shared ? "shared " : "",
			    fd->path);
		break;
	case PLAN_FD_KERNEL:
		strbuf_addf(sb, "kernel of %s, unpacked, cache %s", fd->path,
			    fd->cache ? fd->cache : "none");
		break;
	case PLAN_FD_QMP:
		strbuf_addstr(sb, "qmp");
		break;
	case PLAN_FD_CONFIG:
		strbuf_addstr(sb, "config ");
		add_config(sb, fd->content);
		break;
	case PLAN_FD_CONSOLE:
		strbuf_addstr(sb, "console");
		break;
	case PLAN_FD_IMAGE:
		strbuf_addf(sb, "nameless in %s, ", fd->path);
		add_image(sb, &fd->image);
		break;
	case PLAN_FD_AGENT:
		strbuf_addstr(sb, "agent");
		break;
	case PLAN_FD_TPM:
		strbuf_addstr(sb, "tpm");
		break;
	case PLAN_FD_SEED:
		strbuf_addstr(sb, "seed");
		break;
	case PLAN_FD_SEED_SERVER:
		strbuf_addstr(sb, "seed server");
		break;
	case PLAN_FD_CREDENTIAL:
		strbuf_addf(sb, "credential %s: %s", fd->path, fd->content);
		break;
	case PLAN_FD_INHERITED:
		strbuf_addstr(sb, "inherited");
		break;
	}
	strbuf_addch(sb, '\n');
}

static void add_port(struct strbuf *sb, const struct port_spec *port)
{
	if (port->type != BRIDGE_ANY)
		strbuf_addf(sb, ", %s",
			    port->type == BRIDGE_OVS ? "ovs" : "linux");
	if (port->vlan)
		strbuf_addf(sb, ", vlan %u", port->vlan);
	if (port->trunks)
		strbuf_addf(sb, ", trunks %s", port->trunks);
	if (port->mtu)
		strbuf_addf(sb, ", mtu %u", port->mtu);
	if (port->iface_id)
		strbuf_addf(sb, ", iface-id %s", port->iface_id);
	if (port->is_isolated)
		strbuf_addstr(sb, ", isolated");
	if (port->is_not_learning)
		strbuf_addstr(sb, ", not learning");
	if (port->tap)
		strbuf_addf(sb, ", named %s", port->tap);
}

static void add_tap(struct strbuf *sb, const struct plan_tap *tap)
{
	strbuf_addf(sb, "tap: %s on %s, mac %s", tap->netdev, tap->bridge,
		    tap->mac ? tap->mac : "of QEMU's choice");
	if (tap->queues != 1)
		strbuf_addf(sb, ", %u queues", tap->queues);
	add_port(sb, &tap->port);
	strbuf_addch(sb, '\n');
}

/* Nothing where it is as on most hosts: xkvm-net, started. */
static void add_helper(struct strbuf *sb, const struct plan_helper *helper)
{
	if (helper->way_count == 1 && helper->ways[0] == HELPER_DIRECT)
		return;
	strbuf_addstr(sb, "taps by:");
	for (size_t i = 0; i < helper->way_count; i++)
		strbuf_addf(sb, " %s%s", helper_way_name(helper->ways[i]),
			    helper->ways[i] == HELPER_SUDO && helper->asks
				    ? ", which asks"
				    : "");
	strbuf_addf(sb, "%s\n", helper->way_count ? "" : " nobody");
	if (helper->cause)
		strbuf_addf(sb, "cause: %s\n", helper->cause);
}

static void add_forward(struct strbuf *sb, const struct plan_forward *forward)
{
	const struct fwd_spec *fwd = &forward->fwd;

	strbuf_addf(sb, "forward: %s of %s, %s port ", fwd->address,
		    forward->netdev, fwd->is_udp ? "udp" : "tcp");
	if (fwd->host_port)
		strbuf_addf(sb, "%u", fwd->host_port);
	else
		strbuf_addstr(sb, "of the kernel's choice");
	strbuf_addf(sb, " to %u%s\n", fwd->guest_port,
		    fwd->is_hostfwd ? ", by hostfwd" : "");
}

static void add_file(struct strbuf *sb, const struct plan_file *file)
{
	static const char *const actions[] = {
		[PLAN_FILE_CREATE_NVRAM] = "create",
		[PLAN_FILE_CREATE_IMAGE] = "create",
		[PLAN_FILE_GROW_IMAGE] = "grow",
		[PLAN_FILE_MARK_RAW] = "mark as raw",
		[PLAN_FILE_UNMARK_RAW] = "unmark as raw",
	};

	strbuf_addf(sb, "%s: ", actions[file->kind]);
	quote_shell(sb, file->path);
	if (file->source) {
		strbuf_addstr(sb, " from ");
		quote_shell(sb, file->source);
		add_size(sb, file->size);
	}
	if (file->image.format) {
		strbuf_addstr(sb, ", ");
		add_image(sb, &file->image);
	}
	strbuf_addch(sb, '\n');
}

static void add_tpm(struct strbuf *sb, const struct plan_tpm *tpm)
{
	if (!tpm->program)
		return;
	strbuf_addf(sb, "tpm: %s as ", tpm->program);
	quote_shell_argv(sb, tpm->argv.items);
	strbuf_addstr(sb, tpm->folder ? "\ntpm's state: folder "
				      : "\ntpm's state: in memory");
	if (tpm->folder)
		quote_shell(sb, tpm->folder);
	strbuf_addch(sb, '\n');
}

/* Each line of a file behind a bar, so that none is taken for the plan's. */
static void add_seed(struct strbuf *sb, const struct seed *seed)
{
	for (size_t i = 0; i < seed->count; i++) {
		const struct seed_file *file = &seed->files[i];
		bool is_start = true;

		strbuf_addf(sb, "seed: %s, %zu bytes\n", file->name, file->len);
		for (size_t j = 0; j < file->len; j++) {
			strbuf_addstr(sb, is_start ? "| " : "");
			strbuf_addch(sb, file->content[j]);
			is_start = file->content[j] == '\n';
		}
		strbuf_addstr(sb, is_start ? "" : "\\\n");
	}
	if (seed->password)
		strbuf_addf(sb, "password: %s\n", seed->password);
}

static void add_command(struct strbuf *sb, const struct plan *plan)
{
	const struct plan_command *command = &plan->command;

	if (!command->text)
		return;
	strbuf_addf(sb, "run by%s", command->by_agent ? " agent" : "");
	if (command->by_ssh)
		strbuf_addf(sb, " %s as %s", plan->ssh,
			    command->user ? command->user
					  : "whom the guest names");
	strbuf_addf(sb, ": %s\npower off: %u ms\n", command->text,
		    command->power_off_ms);
}

static void add_console(struct strbuf *sb, const struct plan_console *console)
{
	strbuf_addf(sb, "console: %s",
		    console->place == CONSOLE_UNSAID
			    ? "read"
			    : console_place_name(console->place));
	if (console->reads_stdin)
		strbuf_addstr(sb, ", keys");
	if (console->path)
		strbuf_addf(sb, ", %s", console->path);
	strbuf_addch(sb, '\n');
	if (console->log)
		strbuf_addf(sb, "console log: %s%s%s\n", console->log,
			    console->log_has_times ? ", times" : "",
			    console->log_appends ? ", appended" : "");
}

/* Where this process has the serial console, and what it waits for. */
static void add_watch(struct strbuf *sb, const struct plan *plan)
{
	if (plan->console.is_ours)
		add_console(sb, &plan->console);
	for (size_t i = 0; i < plan->wait_count; i++)
		strbuf_addf(sb, "wait: %s\n", plan->waits[i].arg);
	if (plan->timeout_ms)
		strbuf_addf(sb, "timeout: %u ms\n", plan->timeout_ms);
	add_command(sb, plan);
	if (plan->asks_addresses)
		strbuf_addstr(sb, "addresses: the agent's\n");
}

static void add_flags(struct strbuf *sb, const struct plan *plan)
{
	if (plan->guest_name)
		strbuf_addf(sb, "guest name: %s\n", plan->guest_name);
	if (plan->ovsdb)
		strbuf_addf(sb, "ovsdb: %s\n", plan->ovsdb);
	if (plan->is_stdin_empty)
		strbuf_addstr(sb, "stdin: empty\n");
	if (plan->owns_terminal)
		strbuf_addstr(sb, "terminal: QEMU's\n");
	if (plan->uses_curses)
		strbuf_addstr(sb, "display: curses\n");
	if (plan->is_daemonized)
		strbuf_addstr(sb, "daemonized\n");
	if (plan->is_exec)
		strbuf_addstr(sb, "becomes QEMU\n");
	if (plan->grace_ms)
		strbuf_addf(sb, "grace: %u ms\n", plan->grace_ms);
}

static void add_output(struct strbuf *sb, const struct run_spec *spec)
{
	if (spec->dry_run != DRY_RUN_NO)
		strbuf_addf(sb, "dry run: %s\n",
			    spec->dry_run == DRY_RUN_JSON ? "json" : "shell");
	if (spec->is_quiet)
		strbuf_addstr(sb, "quiet\n");
	if (spec->verbosity)
		strbuf_addf(sb, "verbosity: %u\n", spec->verbosity);
}

char *render_plan(const struct plan *plan, const struct run_spec *spec)
{
	struct strbuf sb = STRBUF_INIT;

	add_argv(&sb, &plan->argv);
	strbuf_addf(&sb, "\nprogram: %s\n", plan->program);
	for (size_t i = 0; i < plan->fd_count; i++)
		add_fd(&sb, plan, &plan->fds[i]);
	for (size_t i = 0; i < plan->tap_count; i++)
		add_tap(&sb, &plan->taps[i]);
	if (plan->tap_count > 0)
		add_helper(&sb, &plan->helper);
	for (size_t i = 0; i < plan->forward_count; i++)
		add_forward(&sb, &plan->forwards[i]);
	for (size_t i = 0; i < plan->file_count; i++)
		add_file(&sb, &plan->files[i]);
	add_tpm(&sb, &plan->tpm);
	add_seed(&sb, &plan->seed);
	add_watch(&sb, plan);
	add_flags(&sb, plan);
	add_output(&sb, spec);
	for (size_t i = 0; i < plan->note_count; i++)
		strbuf_addf(&sb, "%s: %s\n",
			    plan->notes[i].level == NOTE_WARNING ? "warning"
								 : "note",
			    plan->notes[i].text);
	return strbuf_detach(&sb);
}

char *render_error(const struct err *err)
{
	return xasprintf("error %d: %s\n", command_status(err), err->text);
}
