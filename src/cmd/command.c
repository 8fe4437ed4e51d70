/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include <errno.h>
#include <stdio.h>

#include "base/strbuf.h"
#include "run/outcome.h"

const struct command *const COMMANDS[] = {
	&COMMAND_RUN,		&COMMAND_MAKE_NICS,
	&COMMAND_OVS_CLEANUP,	&COMMAND_NET_CHECK,
	&COMMAND_FIRMWARE_LIST, &COMMAND_FIRMWARE_DESCRIBE,
	&COMMAND_CACHE,		&COMMAND_GC,
	&COMMAND_SEED,		&COMMAND_SETUP,
	&COMMAND_COMPLETION,
};
const size_t COMMAND_COUNT = ARRAY_SIZE(COMMANDS);

/* The length of the group's name; 0: it is in none. */
static size_t group_length(const struct command *command)
{
	size_t len = strcspn(command->name, " ");

	return command->name[len] ? len : 0;
}

bool command_in_group(const struct command *command, const char *group)
{
	size_t len = group_length(command);

	return len && strlen(group) == len &&
	       strncmp(command->name, group, len) == 0;
}

const char *command_mode(const struct command *command)
{
	size_t len = group_length(command);

	return len ? command->name + len + 1 : "";
}

int command_status(const struct err *err)
{
	return err->code == -EINVAL ? EXIT_USAGE : EXIT_HOST;
}

void command_message(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	cleanup_free char *text = xvasprintf(fmt, ap);
	va_end(ap);
	/* One write: lines of several processes do not mix. */
	fprintf(stderr, "xkvm: %s\n", text);
}

int command_fail(const struct err *err)
{
	command_message("%s", err->text);
	return command_status(err);
}

int command_print(const char *text)
{
	struct err err;

	if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
		return 0;
	err_set_errno(&err, -errno, "cannot write to standard output");
	command_fail(&err);
	return EXIT_HOST;
}

#define HELP_COLUMN 28

/* "  -d, --disk DISK           attach a disk" */
static void add_option(struct strbuf *sb, const struct option_def *def)
{
	cleanup_strbuf struct strbuf left = STRBUF_INIT;

	if (def->letter)
		strbuf_addf(&left, "  -%c, --%s", def->letter, def->name);
	else
		strbuf_addf(&left, "      --%s", def->name);
	if (def->value == OPTION_REQUIRED)
		strbuf_addf(&left, " %s", def->metavar);
	else if (def->value == OPTION_OPTIONAL)
		strbuf_addf(&left, "[=%s]", def->metavar);
	if (left.len + 1 > HELP_COLUMN)
		strbuf_addf(sb, "%s\n%*s%s\n", left.buf, HELP_COLUMN, "",
			    def->help);
	else
		strbuf_addf(sb, "%-*s%s\n", HELP_COLUMN, left.buf, def->help);
}

static void add_usage(struct strbuf *sb, const struct command *command,
		      const char *lead)
{
	strbuf_addf(sb, "%s xkvm%s%s %s\n", lead, *command->name ? " " : "",
		    command->name, command->usage);
}

char *command_help(const struct command *command)
{
	struct strbuf sb = STRBUF_INIT;

	add_usage(&sb, command, "usage:");
	if (command == COMMANDS[0])
		for (size_t i = 1; i < COMMAND_COUNT; i++)
			add_usage(&sb, COMMANDS[i], "      ");
	strbuf_addf(&sb, "\n%s\n\n", command->summary);
	for (size_t i = 0; i < command->options->count; i++)
		add_option(&sb, &command->options->defs[i]);
	if (command->details)
		strbuf_addf(&sb, "\n%s", command->details);
	return strbuf_detach(&sb);
}

int command_print_help(const struct command *command)
{
	cleanup_free char *help = command_help(command);

	return command_print(help);
}
