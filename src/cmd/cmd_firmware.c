/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm firmware list, xkvm firmware describe: what firmware this host has, and
 * which of it a run would take. */
#include "base/strbuf.h"
#include "cmd/command.h"
#include "cmd/run_options.h"
#include "host/gather.h"
#include "plan/firmware.h"
#include "plan/firmware_places.h"

/* All that a judgement of firmware is made from and of. */
struct finding {
	struct run_spec spec;
	struct facts facts;
	struct firmware_choice choice;
	char *store_path; /* owned; or NULL */
	const struct file_facts *store;
};

static void finding_done(struct finding *f)
{
	firmware_choice_done(&f->choice);
	facts_done(&f->facts);
	run_spec_done(&f->spec);
	cleanup_free_p(&f->store_path);
}

static const char *arch_of(const struct finding *f)
{
	return machine_guest_arch(&f->spec, f->facts.host_machine);
}

/* As a run would; *f is to be given back, whatever comes of it. */
static int find(struct finding *f, struct err *err)
{
	struct qemu_cache cache;

	f->spec.is_uefi = true;
	host_gather(&f->spec, &f->facts, &cache);
	qemu_cache_done(&cache);
	const struct machine machine = machine_of(arch_of(f));
	int r = firmware_store_path(&f->spec, &f->facts, &f->store_path, err);
	if (r == 0)
		r = firmware_store(&f->facts, f->store_path, &f->store, err);
	if (r == 0)
		firmware_choose(&f->spec, &f->facts, &machine, f->store,
				&f->choice);
	return r;
}

/* ---- texts ---- */

static bool is_place(const struct firmware *firmware)
{
	return str_eq(firmware->source, FIRMWARE_PLACE);
}

/* What a person knows it by. */
static const char *name_of(const struct firmware *firmware)
{
	return is_place(firmware) ? firmware->code : firmware->source;
}

static char *list_text(const struct firmware_choice *choice)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < choice->list.count; i++) {
		const struct firmware_candidate *c = &choice->list.items[i];
		const char *name = name_of(&c->firmware);

		if (is_place(&c->firmware) && c->rank == FIRMWARE_ABSENT)
			continue; /* another distribution's */
		if (&c->firmware == choice->firmware)
			strbuf_addf(&sb, "* %s\n", name);
		else
			strbuf_addf(&sb, "  %s: %s\n", name,
				    c->reason ? c->reason
					      : "fits, and comes later");
	}
	return strbuf_detach(&sb);
}

static void add_list(struct strbuf *sb, const char *title,
		     const struct strv *items)
{
	strbuf_addf(sb, "%s:", title);
	for (size_t i = 0; i < items->count; i++)
		strbuf_addf(sb, "%s %s", i ? "," : "", items->items[i]);
	strbuf_addch(sb, '\n');
}

static char *describe_text(const struct finding *f)
{
	const struct firmware *firmware = f->choice.firmware;
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "firmware: %s\n", firmware->source);
	if (*firmware->description)
		strbuf_addf(&sb, "description: %s\n", firmware->description);
	add_list(&sb, "interfaces", &firmware->interfaces);
	strbuf_addf(&sb, "mapping: %s\n",
		    firmware_mapping_name(firmware->mapping));
	strbuf_addf(&sb, "code: %s (%s)\n", firmware->code,
		    firmware->code_format);
	if (firmware_template(firmware))
		strbuf_addf(&sb, "variables: copied from %s (%s)\n",
			    firmware_template(firmware),
			    firmware_template_format(firmware));
	if (f->store_path)
		strbuf_addf(&sb, "kept in: %s%s\n", f->store_path,
			    f->store ? "" : ", which is yet to be made");
	add_list(&sb, "features", &firmware->features);
	for (size_t i = 0; i < firmware->target_count; i++) {
		cleanup_free char *title =
			xasprintf("machines of %s", firmware->targets[i].arch);

		add_list(&sb, title, &firmware->targets[i].machines);
	}
	strbuf_addf(&sb, "machine: %s%s\n",
		    f->choice.machine_type ? f->choice.machine_type
					   : "QEMU's default",
		    f->choice.needs_smm ? ", smm=on" : "");
	return strbuf_detach(&sb);
}

/* ---- the commands ---- */

static int print_list(const struct finding *f)
{
	cleanup_free char *text = list_text(&f->choice);

	return command_print(text);
}

static int print_description(const struct finding *f)
{
	cleanup_free char *text = f->choice.firmware ? describe_text(f) : NULL;

	return text ? command_print(text) : 0;
}

static int refuse(const struct finding *f)
{
	const struct machine machine = machine_of(arch_of(f));
	struct err err;

	firmware_refuse(&f->choice, &f->spec, &machine, f->store, &err);
	return command_fail(&err);
}

/* `print` gets a finding in which none may be chosen; that is then the
 * error. */
static int show(int argc, char **argv, const struct command *command,
		int (*print)(const struct finding *f))
{
	const struct run_environment nothing = { 0 };
	struct finding f = { .spec = RUN_SPEC_INIT };
	enum run_request request;
	struct err err;

	if (run_options_parse(argc, argv, &nothing, &f.spec, &request, &err) <
	    0)
		return command_fail(&err);
	int status;
	if (request == REQUEST_HELP) {
		cleanup_free char *help = command_help(command);
		status = command_print(help);
	} else if (request == REQUEST_VERSION) {
		status = command_print("xkvm " XKVM_VERSION "\n");
	} else if (find(&f, &err) < 0) {
		status = command_fail(&err);
	} else {
		status = print(&f);
		if (status == 0 && !f.choice.firmware)
			status = refuse(&f);
	}
	finding_done(&f);
	return status;
}

static int list(int argc, char **argv)
{
	return show(argc, argv, &COMMAND_FIRMWARE_LIST, print_list);
}

static int describe(int argc, char **argv)
{
	return show(argc, argv, &COMMAND_FIRMWARE_DESCRIBE, print_description);
}

#define USAGE "[OPTION]... [-- QEMU-ARGUMENT]..."
#define DETAILS                                                               \
	"The options are those of a run, and what they ask for is judged as " \
	"in a run with\n--uefi. Exit status: 0 some firmware fits, 125 none " \
	"does.\n"

const struct command COMMAND_FIRMWARE_LIST = {
	.name = "firmware list",
	.usage = USAGE,
	.summary = "Lists all firmware in its order, what a run takes marked "
		   "by '*', and what\nspeaks against each other.",
	.options = &RUN_OPTIONS,
	.details = DETAILS,
	.run = list,
};

const struct command COMMAND_FIRMWARE_DESCRIBE = {
	.name = "firmware describe",
	.usage = USAGE,
	.summary = "Shows what the firmware that a run takes is made of.",
	.options = &RUN_OPTIONS,
	.details = DETAILS,
	.run = describe,
};
