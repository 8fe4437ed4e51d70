/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan_text.h"

#include "base/quote.h"
#include "plan/seed_text.h"
#include "spec/size.h"

char *plan_command_text(const struct plan *plan)
{
	struct strbuf sb = STRBUF_INIT;

	quote_shell_argv(&sb, plan->argv.items);
	return strbuf_detach(&sb);
}

/* Which one, where there are several. */
static void describe_queue(struct strbuf *sb, const struct plan *plan,
			   const struct plan_fd *fd)
{
	const struct plan_tap *tap = &plan->taps[fd->nic];

	strbuf_addf(sb, ", for %s", tap->netdev);
	if (tap->queues > 1)
		strbuf_addf(sb, ", queue %u of %u", fd->queue + 1, tap->queues);
}

static void describe_tap(struct strbuf *sb, const struct plan_tap *tap)
{
	strbuf_addf(sb, "a new tap on bridge %s", tap->bridge);
	if (tap->port.tap)
		strbuf_addf(sb, " named %s", tap->port.tap);
}

static void describe_size(struct strbuf *sb, uint64_t size)
{
	if (size)
		strbuf_addf(sb, ", filled up to %llu bytes",
			    (unsigned long long)size);
}

static void describe_image(struct strbuf *sb, const struct plan_image *image)
{
	strbuf_addstr(sb, image->format);
	if (image->base) {
		strbuf_addstr(sb, ", an overlay on ");
		quote_shell(sb, image->base);
		strbuf_addf(sb, " (%s)", image->base_format);
	}
	if (image->size) {
		cleanup_free char *size = size_text(image->size);

		strbuf_addf(sb, ", %s", size);
	}
}

static void describe_console(struct strbuf *sb,
			     const struct plan_console *console)
{
	strbuf_addf(sb, "the socket of the serial console%s%s",
		    console->place == CONSOLE_UNSAID ? "" : ", to ",
		    console_place_name(console->place));
	if (console->path) {
		strbuf_addch(sb, ' ');
		quote_shell(sb, console->path);
	}
	if (console->log) {
		strbuf_addf(sb, ", kept%s in ",
			    console->log_has_times ? " with times" : "");
		quote_shell(sb, console->log);
	}
}

static void describe_fd(struct strbuf *sb, const struct plan *plan,
			const struct plan_fd *fd)
{
	switch (fd->kind) {
	case PLAN_FD_TAP:
		describe_tap(sb, &plan->taps[fd->nic]);
		describe_queue(sb, plan, fd);
		break;
	case PLAN_FD_VHOST_NET:
		strbuf_addstr(sb, "/dev/vhost-net");
		describe_queue(sb, plan, fd);
		break;
	case PLAN_FD_NVRAM:
		strbuf_addstr(sb, "a private copy, in memory, of ");
		quote_shell(sb, fd->path);
		describe_size(sb, fd->size);
		break;
	case PLAN_FD_LOCK:
		strbuf_addstr(sb, fd->is_shared ? "the lock, shared, of "
						: "the lock of ");
		quote_shell(sb, fd->path);
		break;
	case PLAN_FD_KERNEL:
		strbuf_addstr(sb, "the kernel, unpacked, of ");
		quote_shell(sb, fd->path);
		strbuf_addstr(sb, fd->cache ? ", kept in " : ", in memory");
		if (fd->cache)
			quote_shell(sb, fd->cache);
		break;
	case PLAN_FD_QMP:
		strbuf_addstr(sb, "the supervisor's QMP socket");
		break;
	case PLAN_FD_CONFIG:
		strbuf_addf(sb,
			    "a configuration file, in memory, that puts a "
			    "monitor on the QMP socket (by hand: %d</dev/null)",
			    fd->number);
		break;
	case PLAN_FD_CONSOLE:
		describe_console(sb, &plan->console);
		break;
	case PLAN_FD_IMAGE:
		strbuf_addstr(sb, "a disk image without a name, in ");
		quote_shell(sb, fd->path);
		strbuf_addstr(sb, ": ");
		describe_image(sb, &fd->image);
		break;
	case PLAN_FD_AGENT:
		strbuf_addstr(sb, "the guest agent's socket");
		break;
	case PLAN_FD_TPM:
		strbuf_addstr(sb, "the TPM's control socket");
		break;
	case PLAN_FD_SEED:
		seed_describe(sb, &plan->seed);
		break;
	case PLAN_FD_SEED_SERVER:
		strbuf_addstr(sb, "the socket of a server with ");
		seed_describe(sb, &plan->seed);
		break;
	case PLAN_FD_CREDENTIAL:
		strbuf_addstr(sb, "in memory, the credential ");
		quote_shell(sb, fd->path);
		break;
	case PLAN_FD_INHERITED:
		strbuf_addstr(sb, "inherited, as the arguments name it");
		break;
	}
}

/* Empties `line`. */
static void add_line(struct strbuf *sb, struct strbuf *line)
{
	cleanup_free char *text = strbuf_detach(line);

	quote_plain(text);
	strbuf_addf(sb, "%s\n", text);
}

/* What a word of QEMU's says is on its command line. */
static void describe_forward(struct strbuf *sb,
			     const struct plan_forward *forward)
{
	const struct fwd_spec *fwd = &forward->fwd;

	if (fwd->is_hostfwd)
		return;
	if (fwd->host_port)
		strbuf_addf(sb, "%s:%u", fwd->address, fwd->host_port);
	else
		strbuf_addf(sb, "a free port of %s", fwd->address);
	strbuf_addf(sb, " leads to %sport %u of the guest\n",
		    fwd->is_udp ? "UDP " : "", fwd->guest_port);
}

static void describe_file(struct strbuf *sb, const struct plan_file *file)
{
	strbuf_addstr(sb, "file ");
	quote_shell(sb, file->path);
	switch (file->kind) {
	case PLAN_FILE_CREATE_NVRAM:
		strbuf_addstr(sb, ": created, as a copy of ");
		quote_shell(sb, file->source);
		describe_size(sb, file->size);
		break;
	case PLAN_FILE_CREATE_IMAGE:
		strbuf_addstr(sb, ": created, ");
		describe_image(sb, &file->image);
		break;
	case PLAN_FILE_GROW_IMAGE:
		strbuf_addstr(sb, ": made larger, ");
		describe_image(sb, &file->image);
		break;
	case PLAN_FILE_MARK_RAW:
		strbuf_addstr(sb, ": marked as a raw disk");
		break;
	case PLAN_FILE_UNMARK_RAW:
		strbuf_addstr(sb, ": no longer marked as a raw disk");
		break;
	}
}

static void describe_helper(struct strbuf *sb, const struct plan_helper *helper)
{
	static const char *const who[HELPER_WAY_COUNT] = {
		[HELPER_DIRECT] = "",
		[HELPER_SOCKET] = "the service on ",
		[HELPER_QEMU] = "",
		[HELPER_SUDO] = "sudo and ",
	};

	strbuf_addstr(sb, helper->way_count ? "taps: made by "
					    : "taps: nobody can make them: ");
	for (size_t i = 0; i < helper->way_count; i++) {
		enum helper_way way = helper->ways[i];

		strbuf_addf(sb, "%s%s", i ? ", else by " : "", who[way]);
		quote_shell(sb, plan_helper_target(helper, way));
	}
	if (helper->way_count == 0)
		strbuf_addstr(sb, helper->cause);
}

static void describe_tpm(struct strbuf *sb, const struct plan_tpm *tpm)
{
	strbuf_addstr(sb, "program ");
	quote_shell_argv(sb, tpm->argv.items);
	strbuf_addstr(sb, ": the TPM, its state ");
	if (tpm->folder) {
		strbuf_addstr(sb, "in the folder ");
		quote_shell(sb, tpm->folder);
	} else {
		strbuf_addstr(sb, "in memory");
	}
}

static void describe_command(struct strbuf *sb,
			     const struct plan_command *command)
{
	strbuf_addf(sb, "command: run in the guest by %s%s%s",
		    command->by_agent ? "its agent" : "",
		    command->by_agent && command->by_ssh ? " or " : "",
		    command->by_ssh ? "ssh" : "");
	if (command->user)
		strbuf_addf(sb, " as %s", command->user);
	strbuf_addstr(sb, ": ");
	quote_shell(sb, command->text);
}

static void describe_waits(struct strbuf *sb, const struct plan *plan)
{
	strbuf_addstr(sb, "wait: for ");
	for (size_t i = 0; i < plan->wait_count; i++) {
		strbuf_addstr(sb, i ? " and " : "");
		quote_shell(sb, plan->waits[i].arg);
	}
	if (plan->timeout_ms)
		strbuf_addf(sb, ", %g s at most", plan->timeout_ms / 1000.0);
}

char *plan_things_text(const struct plan *plan)
{
	struct strbuf sb = STRBUF_INIT, line = STRBUF_INIT;

	for (size_t i = 0; i < plan->fd_count; i++) {
		strbuf_addf(&line, "descriptor %d: ", plan->fds[i].number);
		describe_fd(&line, plan, &plan->fds[i]);
		add_line(&sb, &line);
	}
	if (plan->tap_count > 0) {
		describe_helper(&line, &plan->helper);
		add_line(&sb, &line);
	}
	for (size_t i = 0; i < plan->forward_count; i++)
		describe_forward(&sb, &plan->forwards[i]);
	for (size_t i = 0; i < plan->file_count; i++) {
		describe_file(&line, &plan->files[i]);
		add_line(&sb, &line);
	}
	if (plan->tpm.program) {
		describe_tpm(&line, &plan->tpm);
		add_line(&sb, &line);
	}
	if (plan->wait_count > 0) {
		describe_waits(&line, plan);
		add_line(&sb, &line);
	}
	if (plan->command.text) {
		describe_command(&line, &plan->command);
		add_line(&sb, &line);
	}
	return strbuf_detach(&sb);
}
