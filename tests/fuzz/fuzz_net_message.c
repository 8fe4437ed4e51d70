/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any datagram: message_parse() reads nothing beyond its end, refuses with
 * FAIL_PROTO and a printable text, and what it accepts is the same message
 * after it has been written and read again.
 */
#include "message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failure(const struct fail *fail)
{
	if (fail->code != FAIL_PROTO || !*fail->text)
		abort();
	for (const char *p = fail->text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char encoded[NET_DATAGRAM_MAX];
	struct message message, again;
	struct fail fail;
	size_t len;

	if (message_parse((const char *)data, size, &message, &fail) < 0) {
		check_failure(&fail);
		return 0;
	}
	len = message_encode(&message, encoded);
	if (len > sizeof(encoded) ||
	    message_parse(encoded, len, &again, &fail) < 0)
		abort();
	/* What message_parse() does not set is zero, padding included. */
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
	if (memcmp(&message, &again, sizeof(message)) != 0)
		abort();
	return 0;
}
