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

/* The value of a character; -1: it has none. */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters, of which the last `padding` are '='. Bits that no byte has
 * must be 0, or there were several texts for the same bytes. */
static bool decode_four(const char *four, size_t padding, uint8_t ret[3])
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int value = i < 4 - padding ? value_of(four[i]) : 0;

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
	}
	ret[0] = (uint8_t)(bits >> 16);
	ret[1] = (uint8_t)(bits >> 8);
	ret[2] = (uint8_t)bits;
	return (padding < 1 || ret[2] == 0) && (padding < 2 || ret[1] == 0);
}

bool base64_read(struct strbuf *out, const char *text, size_t len)
{
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;

	if (len % 4 != 0)
		return false;
	for (size_t i = 0; i < len; i += 4) {
		size_t padding = 0;
		uint8_t three[3];

		if (i + 4 == len && text[i + 3] == '=')
			padding = text[i + 2] == '=' ? 2 : 1;
		if (!decode_four(text + i, padding, three))
			return false;
		strbuf_add(&bytes, three, 3 - padding);
	}
	strbuf_add(out, strbuf_str(&bytes), bytes.len);
	return true;
}
