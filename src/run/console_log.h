/* SPDX-License-Identifier: Apache-2.0 */
/* The console's log: its bytes as they come, or each line with the time at
 * which it began. No I/O. */
#ifndef XKVM_RUN_CONSOLE_LOG_H
#define XKVM_RUN_CONSOLE_LOG_H

#include <stdbool.h>
#include <time.h>

#include "base/strbuf.h"

/* "2026-11-23T01:31:42.123Z ", in UTC. */
#define LOG_STAMP_LEN 25

struct log_lines {
	bool is_inside; /* a line has begun */
};

/* Adds the bytes to `out`, and `now` in front of each line that begins. */
void log_lines_add(struct log_lines *lines, const char *data, size_t len,
		   const struct timespec *now, struct strbuf *out);

#endif
