/* SPDX-License-Identifier: Apache-2.0 */
/* What a command in the guest has written, on its way to the standard output
 * and error of this process. A reader who is slow holds nothing else up. */
#ifndef XKVM_RUN_COMMAND_OUTPUT_H
#define XKVM_RUN_COMMAND_OUTPUT_H

#include "base/strbuf.h"
#include "run/event_loop.h"

struct command_output {
	/* All is written, or cannot be: `error` is the errno of that. A reader
	 * who has gone is no error. Comes once. */
	void (*done)(void *context, int error);
	void *context;

	/* Its own. */
	struct event_loop *loop;
	struct strbuf rest[2]; /* owned */
	struct event_source targets[2]; /* their descriptors are owned */
	int error;
	bool is_active;
};

/* Takes both texts over. */
void command_output_start(struct command_output *output,
			  struct event_loop *loop, struct strbuf *out,
			  struct strbuf *err);
void command_output_stop(struct command_output *output);

#endif
