/* SPDX-License-Identifier: Apache-2.0 */
/* The sub-commands, each in a file of its own, and what they share. */
#ifndef XKVM_CMD_COMMAND_H
#define XKVM_CMD_COMMAND_H

#include "cmd/option.h"

struct command {
	const char *name; /* with its group: "tap-control make-nics" */
	const char *usage; /* what follows the name */
	const char *summary;
	const struct option_table *options;
	/* More for --help, after the options; or NULL. */
	const char *details;
	/* `argv[0]` is the command's name. Returns the exit status. */
	int (*run)(int argc, char **argv);
};

/* The first one is the one without a name: xkvm itself. */
extern const struct command *const COMMANDS[];
extern const size_t COMMAND_COUNT;

extern const struct command COMMAND_RUN;
extern const struct command COMMAND_MAKE_NICS;
extern const struct command COMMAND_OVS_CLEANUP;
extern const struct command COMMAND_NET_CHECK;
extern const struct command COMMAND_CACHE;
extern const struct command COMMAND_GC;
extern const struct command COMMAND_SEED;
extern const struct command COMMAND_SETUP;
extern const struct command COMMAND_FIRMWARE_LIST;
extern const struct command COMMAND_FIRMWARE_DESCRIBE;
extern const struct command COMMAND_COMPLETION;

/* Is it one of the modes of the group, as is "tap-control make-nics" of
 * tap-control? */
bool command_in_group(const struct command *command, const char *group);

/* Its name without that of its group; empty where it is in none. */
const char *command_mode(const struct command *command);

/* The exit status for an error: 2 where the command line is wrong, else
 * 125. */
int command_status(const struct err *err);

/* "xkvm: MESSAGE" on stderr. */
void command_message(const char *fmt, ...) printf_like(1, 2);

/* Prints the error and returns its exit status. */
int command_fail(const struct err *err);

/* Writes to stdout and makes sure that it arrived: a full disk or a closed
 * descriptor is an error, with the exit status returned. 0 otherwise. */
int command_print(const char *text);

/* The text of --help. Owned by the caller. */
char *command_help(const struct command *command);

/* Prints that; the result is as for command_print(). */
int command_print_help(const struct command *command);

#endif
