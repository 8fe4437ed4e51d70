/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm seed: writes the seed of a guest to a file. */
#include <errno.h>
#include <stdlib.h>

#include "cmd/command.h"
#include "cmd/seed_setters.h"
#include "host/gather.h"
#include "plan/guest_mac.h"
#include "run/seed_image.h"

/* The first member is what the setters of a run know. */
struct parsing {
	struct run_parsing run;
	bool replaces;
};

static int on_force(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->replaces = true;
	return 0;
}

static const struct option_def DEFS[] = {
	{ .name = "netdev",
	  .letter = 'n',
	  .value = OPTION_REQUIRED,
	  .metavar = "NETDEV",
	  .help = "a NIC of the guest's, as for a run; repeatable",
	  .complete = COMPLETE_NETDEV,
	  .apply = run_set_netdev },
	{ .name = "disk",
	  .letter = 'd',
	  .value = OPTION_REQUIRED,
	  .metavar = "DISK",
	  .help = "a disk of the guest's, as for a run; repeatable",
	  .complete = COMPLETE_FILE,
	  .apply = run_set_disk },
	SEED_OPTIONS,
	{ .name = "force",
	  .letter = 'f',
	  .help = "replace the file",
	  .apply = on_force },
	OPTION_HELP,
};
static const struct option_table OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

/* As a run would give them to the guest. */
static int make_seed(const struct run_spec *spec, struct seed *ret,
		     struct err *err)
{
	cleanup_free struct seed_nic *nics =
		xcalloc(spec->nic_count + 1, sizeof(*nics));
	struct qemu_cache cache;
	struct facts facts;
	size_t count = 0;

	host_gather(spec, &facts, &cache);
	qemu_cache_done(&cache);
	for (unsigned int i = 0; i < spec->nic_count; i++)
		if (guest_mac_choose(spec, &spec->nics[i], &facts, i,
				     &nics[count].mac))
			nics[count++].number = i;
	int r = seed_make(spec, &facts, nics, count, ret, err);
	facts_done(&facts);
	return r;
}

static int write_seed(const struct parsing *p, const char *path)
{
	struct seed seed;
	struct err err;

	if (make_seed(&p->run.spec, &seed, &err) < 0)
		return command_fail(&err);
	int r = seed_image_save(&seed, path, p->replaces, &err);
	if (r == 0 && seed.password)
		command_message("the password of the guest's default user is "
				"%s",
				seed.password);
	seed_done(&seed);
	return r < 0 ? command_fail(&err) : 0;
}

/* The first argument is the file, the others are QEMU's. */
static int take_path(struct run_spec *spec, char **ret, struct err *err)
{
	cleanup_strv struct strv args = spec->qemu_args;

	spec->qemu_args = (struct strv)STRV_INIT;
	if (args.count == 0 || args.items[0][0] == '-')
		return err_set(err, -EINVAL,
			       "seed needs the name of the file to write, "
			       "before QEMU's arguments");
	*ret = xstrdup(args.items[0]);
	for (size_t i = 1; i < args.count; i++)
		strv_add(&spec->qemu_args, args.items[i]);
	return 0;
}

static int parse(struct parsing *p, int argc, char **argv, char **ret_path,
		 struct err *err)
{
	const struct run_environment environment = run_environment_read();
	struct run_spec *spec = &p->run.spec;
	int r = run_environment_apply(&environment, spec, err);

	if (r == 0)
		r = option_parse(&OPTIONS, argc, argv, p, &spec->qemu_args,
				 err);
	if (r != 0)
		return r;
	spec->cloud_init.is_asked = true;
	r = take_path(spec, ret_path, err);
	return r < 0 ? r : run_spec_finish(spec, err);
}

static int seed(int argc, char **argv)
{
	struct parsing p = { .run = { .spec = RUN_SPEC_INIT } };
	cleanup_free char *path = NULL;
	struct err err;
	int r = parse(&p, argc, argv, &path, &err);
	int status;

	if (r == OPTION_HELP_ASKED)
		status = command_print_help(&COMMAND_SEED);
	else if (r < 0)
		status = command_fail(&err);
	else
		status = write_seed(&p, path);
	run_spec_done(&p.run.spec);
	return status;
}

const struct command COMMAND_SEED = {
	.name = "seed",
	.usage = "[OPTION]... FILE [-- QEMU-ARGUMENT]...",
	.summary = "Writes the seed that a run with these options would give "
		   "to cloud-init, as a\nCD image.",
	.options = &OPTIONS,
	.details = "Without --netdev it says nothing of the network. QEMU's "
		   "-name is the host name.\n",
	.run = seed,
};
