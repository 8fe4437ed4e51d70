/* SPDX-License-Identifier: Apache-2.0 */
/* What a run tells while it goes on. How that is shown is for who shows it:
 * nothing in this layer prints. */
#ifndef XKVM_RUN_REPORT_H
#define XKVM_RUN_REPORT_H

#include <stdbool.h>
#include <stdint.h>

/* How far a guest that is waited for has come. */
struct run_progress {
	const char *stage; /* "kernel"; "" before there is a sign of one */
	const char *line; /* the last one of its console; "" without one */
	int64_t ms; /* since QEMU's start */
	bool is_new_stage;
};

struct run_report {
	/* A line that a person should read. */
	void (*note)(void *context, const char *text);
	void (*progress)(void *context, const struct run_progress *progress);
	/* What was waited for is there, `what` being its names. */
	void (*ready)(void *context, const char *what, int64_t ms);
	/* progress() is wanted every so many ms, and not only when something
	 * has changed; 0: no. */
	unsigned int interval_ms;
	void *context;
};

#endif
