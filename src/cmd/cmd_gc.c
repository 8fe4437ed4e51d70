/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm gc: removes what was left behind, where all who would have were killed.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/command.h"
#include "host/helper_facts.h"
#include "plan/helper.h"
#include "run/tap_source.h"
#include "spec/ovsdb_path.h"

struct parsing {
	bool is_dry;
	bool is_verbose;
	enum helper_way helper;
	const char *ovsdb; /* NULL: the usual one */
};

static int on_dry_run(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->is_dry = true;
	return 0;
}

static int on_verbose(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->is_verbose = true;
	return 0;
}

static int on_ovsdb(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = ovsdb_path_check(value, err);

	if (r == 0)
		p->ovsdb = value;
	return r;
}

static int on_helper(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = helper_way_parse(value, &p->helper, err);

	return r < 0 ? err_prefix(err, "--helper") : 0;
}

static const struct option_def DEFS[] = {
	{ .name = "dry-run",
	  .help = "say what would be removed, and remove nothing",
	  .apply = on_dry_run },
	{ .name = "verbose",
	  .letter = 'v',
	  .help = "say so where there is nothing to remove",
	  .apply = on_verbose },
	{ .name = "ovsdb",
	  .value = OPTION_REQUIRED,
	  .metavar = "PATH",
	  .help = "where Open vSwitch's database listens",
	  .complete = COMPLETE_FILE,
	  .apply = on_ovsdb },
	{ .name = "helper",
	  .value = OPTION_REQUIRED,
	  .metavar = "WAY",
	  .help = "who removes it: auto (default), direct, ...",
	  .complete = COMPLETE_WORDS,
	  .words = "auto direct sudo socket",
	  .apply = on_helper },
	OPTION_HELP,
};
static const struct option_table OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

/* What was removed is told, though the rest could not be. */
static int print_removed(const struct strv *removed, const struct parsing *p)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < removed->count; i++)
		strbuf_addf(&out, "%s %s\n",
			    p->is_dry ? "would remove" : "removed",
			    removed->items[i]);
	return command_print(strbuf_str(&out));
}

static int choose_helper(const struct parsing *p, struct plan *plan,
			 struct err *err)
{
	const char *socket = getenv("XKVM_NET_SOCKET");
	struct facts facts = { .uid = getuid() };

	host_look_at_helper(socket && *socket ? socket : HELPER_SOCKET_PATH,
			    &facts.helper);
	plan->ovsdb = p->ovsdb ? xstrdup(p->ovsdb) : NULL;
	int r = helper_choose_collector(plan, p->helper, &facts, err);
	facts_done(&facts);
	return r;
}

static int collect(const struct parsing *p)
{
	cleanup_strv struct strv removed = STRV_INIT;
	struct plan plan = { 0 };
	struct err err;
	int r = choose_helper(p, &plan, &err);

	if (r == 0)
		r = tap_source_collect(&plan, p->is_dry, &removed, &err);
	int status = print_removed(&removed, p);
	plan_done(&plan);

	if (r < 0)
		return command_fail(&err);
	if (p->is_verbose && removed.count == 0)
		command_message("nothing was left behind");
	return status;
}

static int gc(int argc, char **argv)
{
	cleanup_strv struct strv args = STRV_INIT;
	struct parsing p = { 0 };
	struct err err;
	int r = option_parse(&OPTIONS, argc, argv, &p, &args, &err);

	if (r == OPTION_HELP_ASKED)
		return command_print_help(&COMMAND_GC);
	if (r == 0 && args.count > 0)
		r = err_set(&err, -EINVAL, "gc takes no argument; '%s' is one",
			    args.items[0]);
	return r < 0 ? command_fail(&err) : collect(&p);
}

const struct command COMMAND_GC = {
	.name = "gc",
	.usage = "[OPTION]...",
	.summary = "Removes taps and ports that were left behind, where even "
		   "their guardian was\nkilled.",
	.options = &OPTIONS,
	.details = "An ordinary user's own are removed, root's and all others' "
		   "for root. What xkvm\ndid not make, or made to stay, is "
		   "left alone.\n",
	.run = gc,
};
