/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what mac_parse() accepts is the address of one station, and it is
 * the same address after it has been written and read again.
 */
#include "input.h"

#include "spec/mac.h"

static void check_address(const struct mac *mac)
{
	static const struct mac zero = { { 0 } };
	char text[MAC_TEXT_SIZE];
	struct mac again;
	struct err err;

	require(!(mac->octets[0] & 1) && !mac_equal(mac, &zero));
	mac_format(mac, text);
	require(strlen(text) == MAC_TEXT_SIZE - 1);
	require(mac_parse(text, 0, &again, &err) == 0);
	require(mac_equal(mac, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	struct mac mac;
	struct err err;
	int r = mac_parse(text, (unsigned int)size, &mac, &err);

	if (r < 0)
		require_error(r, &err);
	else
		check_address(&mac);
	return 0;
}
