/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command in the guest is to read: the standard input of this process.
 * The agent wants it whole, so it is read while the guest starts. A terminal is
 * not read: nobody could say when it ends.
 */
#ifndef XKVM_RUN_COMMAND_INPUT_H
#define XKVM_RUN_COMMAND_INPUT_H

#include "base/strbuf.h"
#include "run/event_loop.h"

struct command_input {
	void (*ended)(void *context); /* `is_whole` from now on; comes once */
	void *context;
	struct strbuf bytes; /* owned */
	bool is_whole;
	bool is_too_long; /* more than QGA_INPUT_MAX; it is no more read then */
	int error; /* errno of reading it */

	/* Its own. */
	struct event_loop *loop;
	struct event_source source;
};

/* `is_empty`: nothing is to be read at all. */
void command_input_start(struct command_input *input, struct event_loop *loop,
			 bool is_empty);
void command_input_done(struct command_input *input);

#endif
