/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include <stdint.h>

/* Of three bytes; what is missing of them is filled up. */
static void put_group(char *ret, const unsigned char *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)data[0] << 16;

	if (len > 1)
		bits |= (uint32_t)data[1] << 8;
	if (len > 2)
		bits |= data[2];
	for (size_t i = 0; i < 4; i++)
		ret[i] = i <= len ? digits[bits >> (18 - 6 * i) & 63] : '=';
}

void base64_add(struct strbuf *out, const void *data, size_t len, size_t width)
{
	const unsigned char *bytes = data;
	size_t column = 0;

	for (size_t i = 0; i < len; i += 3) {
		char group[4];

		put_group(group, bytes + i, len - i < 3 ? len - i : 3);
		strbuf_add(out, group, sizeof(group));
		column += sizeof(group);
		if (column == width || (width && i + 3 >= len)) {
			strbuf_addch(out, '\n');
			column = 0;
		}
	}
}
