/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as what a guest sends to the seed's server: a request is no longer
 * than what was sent, and its answer is one of three, whole.
 */
#include "input.h"

#include "run/seed_http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char content[] = "#cloud-config\n";
	const struct seed seed = {
		.files = { { "user-data", content, sizeof(content) - 1 } },
		.count = 1,
	};
	const char *text = (const char *)data;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	size_t len = seed_http_length(text, size);

	require(len <= size);
	if (len == 0)
		return 0;
	seed_http_answer(text, len, &seed, &sb);
	require(str_starts(sb.buf, "HTTP/1.1 200 ") ||
		str_starts(sb.buf, "HTTP/1.1 404 ") ||
		str_starts(sb.buf, "HTTP/1.1 405 "));
	require(strstr(sb.buf, "\r\n\r\n"));
	return 0;
}
