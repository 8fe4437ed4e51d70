/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>

#include "base/quote.h"
#include "plan/accel.h"
#include "plan/bridge_notes.h"
#include "plan/console.h"
#include "plan/disk.h"
#include "plan/fast.h"
#include "plan/firmware.h"
#include "plan/guest_exit.h"
#include "plan/helper.h"
#include "plan/kernel.h"
#include "plan/machine.h"
#include "plan/nic.h"
#include "plan/reach.h"
#include "plan/seed_disk.h"
#include "plan/panic.h"
#include "plan/smbios.h"
#include "plan/tpm.h"

static void image_done(struct plan_image *image)
{
	free(image->format);
	free(image->base);
	free(image->base_format);
}

void plan_done(struct plan *plan)
{
	for (size_t i = 0; i < plan->fd_count; i++) {
		free(plan->fds[i].path);
		free(plan->fds[i].cache);
		free(plan->fds[i].content);
		image_done(&plan->fds[i].image);
	}
	for (size_t i = 0; i < plan->tap_count; i++) {
		free(plan->taps[i].netdev);
		free(plan->taps[i].bridge);
		free(plan->taps[i].mac);
		port_spec_done(&plan->taps[i].port);
	}
	for (size_t i = 0; i < plan->file_count; i++) {
		free(plan->files[i].path);
		free(plan->files[i].source);
		image_done(&plan->files[i].image);
	}
	for (size_t i = 0; i < plan->note_count; i++)
		free(plan->notes[i].text);
	free(plan->helper.net);
	free(plan->helper.qemu);
	free(plan->helper.sudo);
	free(plan->helper.socket);
	free(plan->helper.cause);
	free(plan->console.path);
	free(plan->console.log);
	for (size_t i = 0; i < plan->wait_count; i++)
		wait_spec_done(&plan->waits[i]);
	free(plan->waits);
	free(plan->fds);
	free(plan->taps);
	free(plan->forwards);
	free(plan->command.text);
	free(plan->ssh);
	free(plan->command.user);
	free(plan->files);
	free(plan->notes);
	free(plan->nics);
	seed_done(&plan->seed);
	free(plan->program);
	free(plan->guest_name);
	free(plan->ovsdb);
	free(plan->qemu_img);
	free(plan->tpm.program);
	free(plan->tpm.folder);
	strv_done(&plan->tpm.argv);
	strv_done(&plan->argv);
	*plan = (struct plan){ 0 };
}

void plan_add_arg(struct plan *plan, const char *option, char *value_owned)
{
	strv_add(&plan->argv, option);
	if (value_owned)
		strv_take(&plan->argv, value_owned);
}

void plan_note(struct plan *plan, enum plan_note_level level, const char *fmt,
	       ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = xvasprintf(fmt, ap);
	va_end(ap);
	quote_plain(text);
	plan->notes = xreallocarray(plan->notes, plan->note_count + 1,
				    sizeof(*plan->notes));
	plan->notes[plan->note_count++] =
		(struct plan_note){ .level = level, .text = text };
}

struct plan_file *plan_add_file(struct plan *plan, enum plan_file_kind kind,
				const char *path, const char *source)
{
	for (size_t i = 0; i < plan->file_count; i++)
		if (plan->files[i].kind == kind &&
		    str_eq(plan->files[i].path, path))
			return &plan->files[i];
	plan->files = xreallocarray(plan->files, plan->file_count + 1,
				    sizeof(*plan->files));
	struct plan_file *file = &plan->files[plan->file_count++];
	*file = (struct plan_file){
		.kind = kind,
		.path = xstrdup(path),
		.source = source ? xstrdup(source) : NULL,
	};
	return file;
}

void plan_add_nic(struct plan *plan, unsigned int number, const struct mac *mac)
{
	plan->nics = xreallocarray(plan->nics, plan->nic_count + 1,
				   sizeof(*plan->nics));
	plan->nics[plan->nic_count++] = (struct seed_nic){ number, *mac };
}

static bool is_fd_used(const struct plan *plan, int number)
{
	for (size_t i = 0; i < plan->fd_count; i++)
		if (plan->fds[i].number == number)
			return true;
	return false;
}

static struct plan_fd *append_fd(struct plan *plan, enum plan_fd_kind kind,
				 int number)
{
	plan->fds = xreallocarray(plan->fds, plan->fd_count + 1,
				  sizeof(*plan->fds));
	struct plan_fd *fd = &plan->fds[plan->fd_count++];
	*fd = (struct plan_fd){ .number = number, .kind = kind };
	return fd;
}

struct plan_fd *plan_add_fd(struct plan *plan, enum plan_fd_kind kind)
{
	int number = 3;

	while (is_fd_used(plan, number))
		number++;
	return append_fd(plan, kind, number);
}

const char *plan_helper_target(const struct plan_helper *helper,
			       enum helper_way way)
{
	switch (way) {
	case HELPER_SOCKET:
		return helper->socket;
	case HELPER_QEMU:
		return helper->qemu;
	default:
		return helper->net;
	}
}

/*
 * The supervisor's QMP monitor. It comes from a configuration file because on
 * the command line it would take the place of QEMU's default monitor, the one
 * that -nographic shares with the serial console (Ctrl-A c, Ctrl-A x).
 */
static void add_qmp(struct plan *plan)
{
	int socket = plan_add_fd(plan, PLAN_FD_QMP)->number;
	struct plan_fd *config = plan_add_fd(plan, PLAN_FD_CONFIG);

	config->content = xasprintf("[chardev \"xkvm-qmp\"]\n"
				    "  backend = \"socket\"\n"
				    "  fd = \"%d\"\n"
				    "[mon \"xkvm-qmp\"]\n"
				    "  chardev = \"xkvm-qmp\"\n"
				    "  mode = \"control\"\n",
				    socket);
	plan_add_arg(plan, "-readconfig",
		     xasprintf("/dev/fd/%d", config->number));
}

static int check_program(const struct run_spec *spec, const struct facts *facts,
			 const struct machine *machine, struct err *err)
{
	if (facts->qemu.path)
		return 0;
	if (spec->program)
		return err_set(err, -ENOENT,
			       "--kvm '%s': no such program; name one in PATH "
			       "or give its path",
			       spec->program);
	return err_set(err, -ENOENT,
		       "qemu-system-%s is not installed; its package is %s "
		       "(Debian, Ubuntu), %s (Fedora), %s (Arch) or %s (SUSE)",
		       machine->arch, machine->debian, machine->fedora,
		       machine->arch_linux, machine->suse);
}

static void add_controllers(struct plan *plan, const struct machine *machine,
			    const struct fast *fast)
{
	if (fast->has_scsi)
		plan_add_arg(plan, "-device",
			     xasprintf("%s,id=virtio-scsi-xkvm",
				       machine->scsi_controller));
	plan_add_arg(plan, "-object",
		     xstrdup("rng-random,filename=/dev/urandom,id=objrng0"));
	plan_add_arg(plan, "-device",
		     xasprintf("%s,rng=objrng0,id=rng0", machine->rng_device));
}

static void add_head(struct plan *plan, const struct run_spec *spec,
		     const struct facts *facts)
{
	cleanup_free char *program = machine_program(spec, facts->host_machine);

	plan->program = xstrdup(facts->qemu.path);
	strv_add(&plan->argv, program);
	for (size_t i = 0; i < spec->passthrough.fd_count; i++)
		append_fd(plan, PLAN_FD_INHERITED, spec->passthrough.fds[i]);
	if (spec->passthrough.guest_name)
		plan->guest_name = xstrdup(spec->passthrough.guest_name);
	if (spec->ovsdb)
		plan->ovsdb = xstrdup(spec->ovsdb);
	plan->uses_curses = spec->passthrough.uses_curses;
	plan->is_daemonized = spec->passthrough.is_daemonized;
	plan->is_exec = spec->is_exec;
	plan->grace_ms = spec->grace_ms;
	/* What can be read is the command's, where there is one. */
	plan->is_stdin_empty = spec->stdin_choice == STDIN_EMPTY ||
			       spec->command.text;
	plan->timeout_ms = spec->timeout_ms;
	plan->waits = xcalloc(spec->wait_count, sizeof(*plan->waits));
	plan->wait_count = spec->wait_count;
	for (size_t i = 0; i < spec->wait_count; i++)
		plan->waits[i] = wait_spec_copy(&spec->waits[i]);
	plan->owns_terminal = (facts->stdin_is_tty && !plan->is_stdin_empty) ||
			      (facts->stdout_is_tty && plan->uses_curses);
}

static int fill(struct plan *plan, const struct run_spec *spec,
		const struct facts *facts, struct err *err)
{
	const char *arch = machine_guest_arch(spec, facts->host_machine);
	struct machine machine = machine_of(arch);
	struct fast fast;
	enum accel accel;

	int r = check_program(spec, facts, &machine, err);
	if (r == 0)
		r = kernel_check(spec, facts, err);
	if (r < 0)
		return r;
	add_head(plan, spec, facts);
	r = accel_add(plan, spec, facts, arch, &accel, err);
	if (r < 0)
		return r;
	fast_choose(plan, spec, facts, accel, &machine, &fast);
	if (spec->no_reboot)
		plan_add_arg(plan, "-no-reboot", NULL);
	if (!plan->is_daemonized && !plan->is_exec)
		add_qmp(plan);
	machine_add(plan, spec, &machine, accel);
	r = firmware_add(plan, spec, facts, &machine, err);
	if (r < 0)
		return r;
	add_controllers(plan, &machine, &fast);
	r = nic_add_all(plan, spec, facts, &machine, err);
	if (r == 0)
		r = helper_choose(plan, spec, facts, err);
	if (r == 0)
		r = reach_choose(plan, spec, facts, err);
	if (r < 0)
		return r;
	bridge_notes_add(plan, facts);
	r = disk_add_all(plan, spec, facts, &machine, err);
	if (r == 0)
		r = seed_disk_add(plan, spec, facts, &machine, err);
	if (r == 0)
		r = smbios_add(plan, spec, facts, &machine, err);
	if (r < 0)
		return r;
	r = tpm_add(plan, spec, facts, &machine, err);
	if (r < 0)
		return r;
	kernel_add(plan, spec, &machine, &fast);
	fast_add_output(plan, spec, &machine, &fast);
	panic_add(plan, spec, &machine);
	r = guest_exit_add(plan, spec, &machine, err);
	if (r == 0)
		r = console_add(plan, spec, facts, err);
	if (r < 0)
		return r;
	reach_add_output(plan, spec);
	for (size_t i = 0; i < spec->qemu_args.count; i++)
		strv_add(&plan->argv, spec->qemu_args.items[i]);
	reach_add_agent(plan, &machine);
	return 0;
}

int plan_make(const struct run_spec *spec, const struct facts *facts,
	      struct plan *ret, struct err *err)
{
	struct plan plan = { 0 };
	int r = fill(&plan, spec, facts, err);

	if (r < 0) {
		plan_done(&plan);
		return r;
	}
	*ret = plan;
	return 0;
}
