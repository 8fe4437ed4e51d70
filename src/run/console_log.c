/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_log.h"

#include <stdio.h>

static void add_stamp(const struct timespec *now, struct strbuf *out)
{
	char date[32] = "";
	struct tm tm;

	if (gmtime_r(&now->tv_sec, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	strbuf_addf(out, "%s.%03dZ ", date, (int)(now->tv_nsec / 1000000));
}

void log_lines_add(struct log_lines *lines, const char *data, size_t len,
		   const struct timespec *now, struct strbuf *out)
{
	while (len > 0) {
		const char *end = memchr(data, '\n', len);
		size_t piece = end ? (size_t)(end - data) + 1 : len;

		if (!lines->is_inside)
			add_stamp(now, out);
		strbuf_add(out, data, piece);
		lines->is_inside = !end;
		data += piece;
		len -= piece;
	}
}
