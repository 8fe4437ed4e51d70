/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as user-data, are taken, or are refused in one line. With others
 * they become an archive in which the line between the parts stands as often as
 * there are parts, and once more.
 */
#include "input.h"

#include <stdlib.h>

#include "plan/user_data.h"

static size_t count_lines(const char *text, const char *line)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, line)); at++)
		count++;
	return count;
}

static void check_archive(const char *archive)
{
	const char *start = strstr(archive, "boundary=\"");

	require(start);
	start += strlen("boundary=\"");
	cleanup_free char *boundary =
		xasprintf("--%.*s", (int)strcspn(start, "\""), start);
	require(count_lines(archive, boundary) == 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *bytes = xcalloc(1, size + 1);
	char name[] = "a", script[] = "#!/bin/sh\n";
	const struct seed_text parts[] = {
		{ .path = name, .text = bytes, .len = size },
		{ .path = name, .text = script, .len = strlen(script) },
	};
	struct err err;

	if (size > 0)
		memcpy(bytes, data, size);
	int r = user_data_check(&parts[0], &err);
	if (r < 0)
		require_error(r, &err);
	cleanup_free char *archive = NULL;
	size_t len = user_data_join(parts, 2, &archive);
	require(archive[len] == '\0');
	/* A byte 0 in an archive of the user's hides what comes after it. */
	if (!memchr(bytes, '\0', size))
		check_archive(archive);
	return 0;
}
