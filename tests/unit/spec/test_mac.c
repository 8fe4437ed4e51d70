/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/mac.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *text;
	unsigned int number;
	const char *address;
} good[] = {
	{ "52:54:00:12:34:56", 0, "52:54:00:12:34:56" },
	{ "52:54:0:1:2:3", 0, "52:54:00:01:02:03" },
	{ "AA:BB:CC:dd:Ee:fF", 0, "aa:bb:cc:dd:ee:ff" },
	{ "00:00:00:00:00:01", 0, "00:00:00:00:00:01" },
	{ "fe:ff:ff:ff:ff:ff", 0, "fe:ff:ff:ff:ff:ff" },
	/* Fewer are the last octets. */
	{ ":05", 7, "52:54:00:12:34:05" },
	{ "05", 7, "52:54:00:12:34:05" },
	{ "5", 7, "52:54:00:12:34:05" },
	{ ":5", 7, "52:54:00:12:34:05" },
	{ "aa:bb", 0, "52:54:00:12:aa:bb" },
	{ ":aa:bb", 0, "52:54:00:12:aa:bb" },
	{ "a:b:c", 0, "52:54:00:0a:0b:0c" },
	{ "1:2:3:4", 0, "52:54:01:02:03:04" },
	{ "1:2:3:4:5", 0, "52:01:02:03:04:05" },
	/* The first octet given is not the address's. */
	{ "ff", 0, "52:54:00:12:34:ff" },
	{ "01:02", 0, "52:54:00:12:01:02" },
	{ "00", 0, "52:54:00:12:34:00" },
	/* Nothing is the NIC's number. */
	{ "", 0, "52:54:00:12:34:00" },
	{ "", 17, "52:54:00:12:34:11" },
	{ "", 255, "52:54:00:12:34:ff" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *row = good[i].text;
		char text[MAC_TEXT_SIZE];
		struct mac mac, again;
		struct err err;

		check_ok(row, mac_parse(row, good[i].number, &mac, &err), &err);
		mac_format(&mac, text);
		check_text(row, text, good[i].address);
		check_ok(row, mac_parse(text, 0, &again, &err), &err);
		assert_true(mac_equal(&mac, &again));
	}
}

#define NOT_HEX(n, s) "octet " n " '" s "' is not one or two hexadecimal digits"
#define TOO_MANY                                                        \
	"more than six octets; an address is 52:54:00:12:34:56 or its " \
	"last octets"
#define MULTICAST(s)                                                         \
	"octet 1 '" s "' makes it a multicast address; a NIC needs an even " \
	"first octet, such as 52"

static const struct {
	const char *text;
	unsigned int number;
	const char *message;
} bad[] = {
	{ "zz", 0, NOT_HEX("1", "zz") },
	{ "300", 0, NOT_HEX("1", "300") },
	{ "52:54:00:12:34:zz", 0, NOT_HEX("6", "zz") },
	{ "52:54:00:12:34:300", 0, NOT_HEX("6", "300") },
	{ "52:54:00:12:34:", 0, NOT_HEX("6", "") },
	{ "::05", 0, NOT_HEX("1", "") },
	{ ":", 0, NOT_HEX("1", "") },
	{ "aa::bb", 0, NOT_HEX("2", "") },
	{ "0x5", 0, NOT_HEX("1", "0x5") },
	{ "-5", 0, NOT_HEX("1", "-5") },
	{ " 5", 0, NOT_HEX("1", " 5") },
	{ "+5", 0, NOT_HEX("1", "+5") },
	{ "52-54-00-12-34-56", 0, NOT_HEX("1", "52-54-00-12-34-56") },
	{ "525400123456", 0, NOT_HEX("1", "525400123456") },
	{ "a\n", 0, NOT_HEX("1", "a?") },
	{ "01234567890123456789012345", 0,
	  NOT_HEX("1", "01234567890123456789") },
	{ "1:2:3:4:5:6:7", 0, TOO_MANY },
	{ ":52:54:00:12:34:56:78", 0, TOO_MANY },
	{ "52:54:00:12:34:56:", 0, TOO_MANY },
	{ "52:54:00:12:34:56:zz", 0, TOO_MANY },
	{ "01:00:5e:00:00:01", 0, MULTICAST("01") },
	{ "FF:ff:ff:ff:ff:ff", 0, MULTICAST("ff") },
	{ "53:54:00:12:34:56", 0, MULTICAST("53") },
	{ "00:00:00:00:00:00", 0,
	  "the address is all zero; a NIC needs one of its own" },
	{ "0:0:0:0:0:0", 0,
	  "the address is all zero; a NIC needs one of its own" },
	{ "", 256,
	  "NIC 256 has no last octet of its own; give the address in full" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct mac mac, before;
		struct err err;

		memset(&before, 0x5a, sizeof(before));
		mac = before;
		check_error(bad[i].text,
			    mac_parse(bad[i].text, bad[i].number, &mac, &err),
			    &err, -EINVAL, bad[i].message);
		assert_true(mac_equal(&mac, &before));
	}
}

static void test_equal(void **state)
{
	const struct mac a = { { 1, 2, 3, 4, 5, 6 } };
	struct mac b = a;

	(void)state;
	assert_true(mac_equal(&a, &b));
	for (size_t i = 0; i < MAC_LEN; i++) {
		b = a;
		b.octets[i] ^= 0x80;
		assert_false(mac_equal(&a, &b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
