/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/command_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"

static const char *const WAYS[] = {
	[COMMAND_BY_ANY] = "auto",
	[COMMAND_BY_AGENT] = "agent",
	[COMMAND_BY_SSH] = "ssh",
};

int command_way_parse(const char *text, enum command_way *ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(WAYS); i++) {
		if (str_eq(text, WAYS[i])) {
			*ret = (enum command_way)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "unknown way '%s'; use auto, agent or ssh",
		       text);
}

int command_spec_check(const struct command_spec *command, struct err *err)
{
	const char *lonely = command->user		      ? "--ssh-user"
			     : command->way != COMMAND_BY_ANY ? "--run-by"
							      : NULL;

	if (lonely && !command->text)
		return err_set(err, -EINVAL,
			       "%s is about the command of --run, and there "
			       "is none",
			       lonely);
	if (command->text && *command->text == '\0')
		return err_set(err, -EINVAL,
			       "--run '': give a command for the guest's "
			       "shell");
	if (command->user && (*command->user == '-' || !*command->user))
		return err_set(err, -EINVAL, "--ssh-user '%s': no user's name",
			       command->user);
	if (command->user && command->way == COMMAND_BY_AGENT)
		return err_set(err, -EINVAL,
			       "--ssh-user and --run-by agent exclude each "
			       "other: the agent runs commands as root");
	return 0;
}

void command_spec_done(struct command_spec *command)
{
	free(command->text);
	free(command->user);
	*command = (struct command_spec){ 0 };
}

bool command_may_go(const struct command_spec *command, enum command_way way)
{
	if (!command->text)
		return false;
	/* A user is one of ssh's. */
	if (command->user)
		return way == COMMAND_BY_SSH;
	return command->way == COMMAND_BY_ANY || command->way == way;
}
