/* SPDX-License-Identifier: Apache-2.0 */
/* The command that is run in the guest: --run. */
#ifndef XKVM_SPEC_COMMAND_SPEC_H
#define XKVM_SPEC_COMMAND_SPEC_H

#include <stdbool.h>

#include "base/err.h"

enum command_way {
	COMMAND_BY_ANY, /* what is there first */
	COMMAND_BY_AGENT,
	COMMAND_BY_SSH,
};

/* Strings are owned; NULL where nothing was said. */
struct command_spec {
	char *text; /* for the guest's shell; NULL: there is none to run */
	enum command_way way; /* --run-by */
	char *user; /* --ssh-user */
};

/* "auto", "agent" or "ssh". */
must_check int command_way_parse(const char *text, enum command_way *ret,
				 struct err *err);

/* -EINVAL where the words contradict each other. */
must_check int command_spec_check(const struct command_spec *command,
				  struct err *err);
void command_spec_done(struct command_spec *command);

/* Whether it may go by this way, as far as the command line says. */
bool command_may_go(const struct command_spec *command, enum command_way way);

#endif
