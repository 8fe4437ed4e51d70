/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm itself: boots a guest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "cmd/run_options.h"
#include "host/gather.h"
#include "plan/plan_text.h"
#include "run/cache_store.h"
#include "run/run_plan.h"

static const char DETAILS[] =
	"NETDEV is 'user' or the name of a bridge, then words separated by "
	"commas:\n"
	"  model=M       the device: virtio (default), e1000, ...\n"
	"  mac=M         an address, its last octets (:05), random, or auto\n"
	"  fwd=H:G       the host's port H leads to the guest's G; 'user' "
	"only\n"
	"  and any property of the device or option of QEMU's -netdev\n"
	"\n"
	"DISK is a path, or file=PATH, and words in any order; ',,' is a comma:\n"
	"  driver=D      the device: virtio-blk (default), scsi-hd, nvme, "
	"ide-hd, ...\n"
	"  format=F      raw, qcow2, ...; else the file's header tells\n"
	"  size=S        made with this size where there is no such file; "
	"grow=on\n"
	"                lets one that is smaller grow\n"
	"  base=F        made as an overlay on the image F\n"
	"  ephemeral     what the guest writes is thrown away; ro: it cannot\n"
	"  serial=S      the serial number; else wwn=, else the file's name\n"
	"  and any property of the device or option of QEMU's -drive\n"
	"\n"
	"Environment: DEF_DISK_DRIVER, DEF_NETMODEL, XKVM_ACCEL, "
	"XKVM_NET_SOCKET.\n"
	"Exit status: QEMU's own;\n"
	"1 not ready (--wait), 2 usage, 124 time-out, 125 this host cannot,\n"
	"126 guest panic, 128+N ended by signal N.\n"
	"\n"
	"examples:\n"
	"  xkvm -m 2G --disk disk.img -- -nographic\n"
	"  xkvm -n br0,mac=:05 -n user,fwd=2222:22 -d disk.img\n"
	"  xkvm -m 2G --cdrom install.iso --disk new.qcow2,size=10G\n"
	"  xkvm -d root.qcow2 -d data.img,driver=nvme,serial=nvme-1 --dry-run\n";

static void print_notes(const struct plan *plan, const struct run_spec *spec)
{
	for (size_t i = 0; i < plan->note_count; i++) {
		const struct plan_note *note = &plan->notes[i];

		if (note->level == NOTE_WARNING)
			command_message("warning: %s", note->text);
		else if (!spec->is_quiet)
			command_message("note: %s", note->text);
	}
}

static void print_things(const struct plan *plan)
{
	cleanup_free char *things = plan_things_text(plan);
	char *save = NULL;

	for (char *line = strtok_r(things, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		command_message("%s", line);
}

static int print_dry_run(const struct plan *plan, const struct run_spec *spec)
{
	cleanup_free char *text = NULL;

	if (spec->dry_run == DRY_RUN_JSON) {
		text = plan_json_text(plan);
		return command_print(text);
	}
	print_notes(plan, spec);
	if (!spec->is_quiet)
		print_things(plan);
	cleanup_free char *command = plan_command_text(plan);
	text = xasprintf("%s\n", command);
	return command_print(text);
}

static void print_command(const struct plan *plan, const struct run_spec *spec)
{
	if (!spec->is_quiet) {
		cleanup_free char *command = plan_command_text(plan);

		fprintf(stderr, "%s\n", command);
	}
	if (spec->verbosity > 0)
		print_things(plan);
}

/* It is in no log but this one, and --quiet is not about it. */
static void print_password(const struct plan *plan)
{
	if (plan->seed.password)
		command_message("the password of the guest's default user is "
				"%s",
				plan->seed.password);
}

static void print_failure(const struct outcome *outcome,
			  const struct run_spec *spec)
{
	cleanup_free char *lines = xstrdup(outcome->last_lines);
	char *save = NULL;

	command_message("%s: %s",
			spec->command.text ? "--run failed"
					   : "the guest is not ready",
			outcome->failure);
	if (*lines)
		command_message("the last lines of its console:");
	for (char *line = strtok_r(lines, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		quote_plain(line);
		command_message("| %s", line);
	}
}

static void print_outcome(const struct outcome *outcome,
			  const struct run_spec *spec)
{
	int sig = outcome_death_signal(outcome);

	if (outcome->is_unreaped)
		command_message("QEMU does not end, not even by SIGKILL; it "
				"may wait for a device (state D)");
	else if (sig && !outcome->stop_signal)
		command_message("QEMU was ended by signal %d (%s)", sig,
				strsignal(sig));
	if (outcome->kernel_obstacle && !spec->is_quiet)
		command_message("note: --fast: the guest unpacked its kernel "
				"itself: %s",
				outcome->kernel_obstacle);
	if (outcome->tpm_signal)
		command_message("swtpm was ended by signal %d (%s); the "
				"guest's TPM did not answer from then on",
				outcome->tpm_signal,
				strsignal(outcome->tpm_signal));
	if (outcome->failure)
		print_failure(outcome, spec);
	else if (outcome->has_panicked)
		command_message("the guest panicked%s%s",
				outcome->panic ? ": " : "",
				outcome->panic ? outcome->panic : "");
	if (spec->verbosity > 0 && *outcome->reason)
		command_message("QEMU ended: %s", outcome->reason);
}

static int carry_out(const struct plan *plan, const struct run_spec *spec)
{
	struct progress progress;
	struct run_report report;
	struct outcome outcome;
	struct err err;

	if (spec->dry_run != DRY_RUN_NO)
		return print_dry_run(plan, spec);
	print_notes(plan, spec);
	print_command(plan, spec);
	print_password(plan);
	report = progress_report(&progress, plan, spec->is_quiet);
	int r = run_plan(plan, &report, &outcome, &err);
	progress_clear(&progress);
	if (r < 0)
		return command_fail(&err);
	print_outcome(&outcome, spec);
	int status = outcome_exit_status(&outcome);
	outcome_done(&outcome);
	return status;
}

/* What QEMU had to be asked is known at the next start. Where it cannot be kept
 * that start takes longer, and nothing else. A dry run writes nothing. */
static void keep_answers(const struct run_spec *spec, struct qemu_cache *cache)
{
	struct err ignored;

	if (spec->dry_run != DRY_RUN_NO || cache->learned.count == 0 ||
	    !qemu_cache_may_keep(cache) || cache_store(cache, &ignored) < 0)
		return;
}

static int run_spec(const struct run_spec *spec)
{
	struct qemu_cache cache;
	struct facts facts;
	struct plan plan;
	struct err err;
	int status;

	host_gather(spec, &facts, &cache);
	if (!facts.qemu.failure)
		keep_answers(spec, &cache);
	qemu_cache_done(&cache);
	if (plan_make(spec, &facts, &plan, &err) < 0) {
		status = command_fail(&err);
	} else {
		status = carry_out(&plan, spec);
		plan_done(&plan);
	}
	facts_done(&facts);
	return status;
}

static int run(int argc, char **argv)
{
	const struct run_environment environment = run_environment_read();
	enum run_request request;
	struct run_spec spec;
	struct err err;

	if (run_options_parse(argc, argv, &environment, &spec, &request, &err) <
	    0)
		return command_fail(&err);
	int status;
	if (request == REQUEST_HELP)
		status = command_print_help(&COMMAND_RUN);
	else if (request == REQUEST_VERSION)
		status = command_print("xkvm " XKVM_VERSION "\n");
	else
		status = run_spec(&spec);
	run_spec_done(&spec);
	return status;
}

const struct command COMMAND_RUN = {
	.name = "",
	.usage = "[OPTION]... [-- QEMU-ARGUMENT]...",
	.summary = "Boots a QEMU/KVM guest on real networks and leaves nothing "
		   "behind.",
	.options = &RUN_OPTIONS,
	.details = DETAILS,
	.run = run,
};
