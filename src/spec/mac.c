/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/mac.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct mac PREFIX = { { 0x52, 0x54, 0x00, 0x12, 0x34, 0x00 } };

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One or two hexadecimal digits, or -1. */
static int parse_octet(const char *s, size_t len)
{
	int value = 0;

	if (len < 1 || len > 2)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int digit = hex_digit(s[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static int check_address(const struct mac *mac, struct err *err)
{
	static const struct mac zero = { { 0 } };

	if (mac->octets[0] & 1)
		return err_set(err, -EINVAL,
			       "octet 1 '%02x' makes it a multicast address; "
			       "a NIC needs an even first octet, such as 52",
			       mac->octets[0]);
	if (mac_equal(mac, &zero))
		return err_set(err, -EINVAL,
			       "the address is all zero; a NIC needs one "
			       "of its own");
	return 0;
}

int mac_parse(const char *text, unsigned int number, struct mac *ret,
	      struct err *err)
{
	uint8_t given[MAC_LEN];
	size_t count = 0;
	struct mac mac = PREFIX;

	if (*text == '\0') {
		if (number > 0xff)
			return err_set(err, -EINVAL,
				       "NIC %u has no last octet of its own; "
				       "give the address in full",
				       number);
		mac.octets[MAC_LEN - 1] = (uint8_t)number;
		*ret = mac;
		return 0;
	}
	for (const char *p = *text == ':' ? text + 1 : text;; p++) {
		size_t len = strcspn(p, ":");
		int octet = parse_octet(p, len);

		if (count == MAC_LEN)
			return err_set(err, -EINVAL,
				       "more than six octets; an address is "
				       "52:54:00:12:34:56 or its last octets");
		if (octet < 0)
			return err_set(err, -EINVAL,
				       "octet %zu '%.*s' is not one or two "
				       "hexadecimal digits",
				       count + 1, len > 20 ? 20 : (int)len, p);
		given[count++] = (uint8_t)octet;
		p += len;
		if (*p == '\0')
			break;
	}
	memcpy(mac.octets + MAC_LEN - count, given, count);
	int r = check_address(&mac, err);
	if (r < 0)
		return r;
	*ret = mac;
	return 0;
}

void mac_format(const struct mac *mac, char buf[MAC_TEXT_SIZE])
{
	const uint8_t *o = mac->octets;

	snprintf(buf, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", o[0],
		 o[1], o[2], o[3], o[4], o[5]);
}

bool mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->octets, b->octets, MAC_LEN) == 0;
}
