/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm net check: is the access list valid, and what does it open? */
#include <errno.h>

#include "cmd/command.h"
#include "run/net_helper.h"

struct parsing {
	const char *user; /* the last --user; NULL: the caller */
};

static int on_user(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	if (!*value)
		return err_set(err, -EINVAL, "--user needs a name");
	p->user = value;
	return 0;
}

static const struct option_def DEFS[] = {
	{ .name = "user",
	  .value = OPTION_REQUIRED,
	  .metavar = "NAME",
	  .help = "for this user, not for the caller",
	  .apply = on_user },
	OPTION_HELP,
};
static const struct option_table OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

static int check_files(const struct strv *files, struct err *err)
{
	if (files->count > 1)
		return err_set(err, -EINVAL,
			       "net check takes one file; '%s' is one more",
			       files->items[1]);
	if (files->count == 1 && !*files->items[0])
		return err_set(err, -EINVAL,
			       "net check '': the file's name is empty");
	return 0;
}

static int net_check(int argc, char **argv)
{
	cleanup_strv struct strv files = STRV_INIT;
	struct parsing p = { 0 };
	struct err err;
	int status = 0;
	int r = option_parse(&OPTIONS, argc, argv, &p, &files, &err);

	if (r == OPTION_HELP_ASKED)
		return command_print_help(&COMMAND_NET_CHECK);
	if (r == 0)
		r = check_files(&files, &err);
	if (r == 0)
		r = net_helper_check(p.user,
				     files.count ? files.items[0] : NULL,
				     &status, &err);
	return r < 0 ? command_fail(&err) : status;
}

const struct command COMMAND_NET_CHECK = {
	.name = "net check",
	.usage = "[--user NAME] [FILE]",
	.summary = "Shows the mistakes of the access list, and which bridges "
		   "it opens.",
	.options = &OPTIONS,
	.details = "FILE is a list that is not in force yet. Exit status: 0 "
		   "the list is valid,\n1 it is not.\n",
	.run = net_check,
};
