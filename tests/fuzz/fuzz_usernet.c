/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as the answer to 'info usernet': it comes to an end, and what is
 * found has ports that can be and names that fit.
 */
#include "input.h"

#include "run/usernet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *input = input_text(data, size);
	struct usernet_text text = { .rest = input };
	struct usernet_line line;
	const char *before = text.rest;

	while (usernet_next(&text, &line)) {
		require(text.rest > before);
		require(text.rest <= input + strlen(input));
		require(line.source_port <= 65535 && line.target_port <= 65535);
		require(strnlen(line.netdev, sizeof(line.netdev)) <
			sizeof(line.netdev));
		require(*line.state && *line.source);
		before = text.rest;
	}
	return 0;
}
