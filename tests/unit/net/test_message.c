/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/*
 * Parses a copy of exactly `len` bytes on the heap, where sanitizers and
 * valgrind notice a read beyond the end.
 */
static int parse(const char *data, size_t len, struct message *ret,
		 struct fail *fail)
{
	char *copy = malloc(len ? len : 1);
	int rc;

	assert_non_null(copy);
	memcpy(copy, data, len);
	rc = message_parse(copy, len, ret, fail);
	free(copy);
	return rc;
}

/* The text is read, and written again as `canonical` (NULL: as it was). */
static const struct {
	const char *text;
	const char *canonical;
} good[] = {
	{ "HELLO v=1", NULL },
	{ "HELLO v=65535", NULL },
	{ "GO", NULL },
	{ "COMMIT", NULL },
	{ "COMMIT lifeline=1", NULL },
	{ "DONE", NULL },
	{ "GC", NULL },
	{ "GC dry=1", NULL },
	{ "GONE what=tap if=xk0123456789", NULL },
	{ "GONE bridge=ovs0 what=port if=xk0123456789",
	  "GONE what=port if=xk0123456789 bridge=ovs0" },
	{ "ADD bridge=br0", NULL },
	{ "ADD bridge=012345678901234", NULL },
	{ "ADD bridge=br0 queues=1", NULL },
	{ "ADD bridge=br0 queues=253", NULL },
	{ "ADD bridge=br0 mac=52:54:00:ab:cd:ef", NULL },
	{ "ADD bridge=br0 mac=52:54:00:AB:cD:EF",
	  "ADD bridge=br0 mac=52:54:00:ab:cd:ef" },
	{ "ADD bridge=br0 vm=" HUNDRED TEN TEN "01234567", NULL },
	{ "ADD vm=web mac=52:54:00:12:34:56 queues=4 bridge=br0",
	  "ADD bridge=br0 queues=4 mac=52:54:00:12:34:56 vm=web" },
	{ "ADD bridge=a=b vm==", NULL },
	{ "ADD bridge=br\303\274cke vm=\377", NULL },
	{ "ADD bridge=br0 persist=1 owner=0", NULL },
	{ "ADD owner=4294967294 persist=1 bridge=br0",
	  "ADD bridge=br0 persist=1 owner=4294967294" },
	{ "ADD attach=none persist=1 owner=1000", NULL },
	{ "ADD bridge=br0 type=linux", NULL },
	{ "ADD bridge=br0 type=ovs persist=1 owner=7", NULL },
	{ "ADD bridge=br0 type=ovs vlan=1 trunks=2-4094 mtu=68 iface_id=a:b",
	  NULL },
	{ "ADD bridge=br0 isolated=1 learning=0", NULL },
	{ "ADD bridge=br0 tap=a.b_c-D0", NULL },
	{ "ADD tap=xk012345678 bridge=br0", "ADD bridge=br0 tap=xk012345678" },
	{ "ADD learning=0 mtu=65521 trunks=9:7-8:1 vlan=4094 bridge=br0",
	  "ADD bridge=br0 vlan=4094 trunks=1:7-9 mtu=65521 learning=0" },
	{ "ADD bridge=br0 iface_id=" HUNDRED TEN TEN "01234567", NULL },
	{ "OK if=xk0123456789 ifindex=7 type=ovs mtu=1500 "
	  "port=01234567-89ab-cdef-0123-456789abcdef",
	  NULL },
	{ "OK if=xk0123456789 ifindex=7 type=linux mtu=1500", NULL },
	{ "OK if=tapvm0 ifindex=2147483647 type=none mtu=0", NULL },
	{ "ERR code=proto msg=a", NULL },
	{ "ERR code=nobridge nic=0 msg=no 'br0' = none, code=mac  twice ",
	  NULL },
	{ "ERR code=notbridge nic=127 msg= ", NULL },
	{ "ERR code=limit nic=128 msg==", NULL },
	{ "ERR code=acl nic=0 msg=/etc/xkvm/bridge.conf:3", NULL },
	{ "ERR code=quota nic=1 msg=max=2", NULL },
	{ "ERR nic=3 code=sys msg=x", "ERR code=sys nic=3 msg=x" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *text = good[i].text;
		const char *canonical = good[i].canonical ? good[i].canonical
							  : text;
		struct message message, again;
		struct fail fail = { .text = "" };
		char data[NET_DATAGRAM_MAX];
		size_t len;

		if (parse(text, strlen(text), &message, &fail) != 0)
			fail_msg("'%s': %s", text, fail.text);
		len = message_encode(&message, data);
		assert_int_equal(len, strlen(canonical));
		assert_memory_equal(data, canonical, len);
		assert_int_equal(parse(data, len, &again, &fail), 0);
		assert_memory_equal(&message, &again, sizeof(message));
	}
}

/* The text is refused, and the failure has `why` in it. */
static const struct {
	const char *text;
	const char *why;
} bad[] = {
	{ "", "verb '' is not known" },
	{ " ", "verb '' is not known" },
	{ " GO", "verb '' is not known" },
	{ "GOES", "verb 'GOES' is not known" },
	{ "GONE", "GONE does not go with just these keys" },
	{ "GONE what=row if=x", "what=row is not known" },
	{ "GONE what=tap if=0123456789012345", "has 16 bytes; at most 15" },
	{ "GC dry=0", "dry=0 is not known; 1 is, or no dry" },
	{ "GC v=1", "GC does not go with just these keys" },
	{ "G", "verb 'G' is not known" },
	{ "go", "verb 'go' is not known" },
	{ "GO ", "'' is not of the form key=value" },
	{ "GO  ", "'' is not of the form key=value" },
	{ "GO x", "'x' is not of the form key=value" },
	{ "GO v=1", "GO does not go with just these keys" },
	{ "GO\n", "byte 2 of a message is the control character 0x0a" },
	{ "COMMIT lifeline=0",
	  "lifeline=0 is not known; 1 is, or no lifeline" },
	{ "GO lifeline=1", "GO does not go with just these keys" },
	{ "HELLO", "HELLO does not go" },
	{ "HELLO v=", "v= has no value" },
	{ "HELLO v", "'v' is not of the form key=value" },
	{ "HELLO v=0", "v=0 is not a number from 1 to 65535" },
	{ "HELLO v=65536", "v=65536 is not a number" },
	{ "HELLO v=01", "v=01 is not a number" },
	{ "HELLO v=+1", "v=+1 is not a number" },
	{ "HELLO v=1 v=1", "v= stands twice" },
	{ "HELLO  v=1", "'' is not of the form key=value" },
	{ "HELLO v=1 ", "'' is not of the form key=value" },
	{ "HELLO\tv=1", "control character 0x09" },
	{ "HELLO V=1", "key 'V' is not known" },
	{ "HELLO bridge=br0", "HELLO does not go" },
	{ "ADD", "ADD does not go" },
	{ "ADD =br0", "key '' is not known" },
	{ "ADD bridge=", "bridge= has no value" },
	{ "ADD bridge=0123456789012345", "has 16 bytes; at most 15 go" },
	{ "ADD bridge=br\x01", "control character 0x01" },
	{ "ADD bridge=br\x7f", "control character 0x7f" },
	{ "ADD bridge=br 0", "'0' is not of the form key=value" },
	{ "ADD bridge=br0 bridge=br0", "bridge= stands twice" },
	{ "ADD bridge=br0 vlans=1", "key 'vlans' is not known" },
	{ "ADD bridge=br0 vlan=0", "vlan=0 is not a number from 1 to 4094" },
	{ "ADD bridge=br0 vlan=4095", "vlan=4095 is not a number" },
	{ "ADD bridge=br0 trunks=1-", "trunks=1- is not of the form A-B:C" },
	{ "ADD bridge=br0 trunks=4095", "VLANs from 1 to 4094" },
	{ "ADD bridge=br0 mtu=67", "mtu=67 is not a number from 68 to 65521" },
	{ "ADD bridge=br0 mtu=65522", "mtu=65522 is not a number" },
	{ "ADD bridge=br0 iface_id=" HUNDRED TEN TEN "012345678",
	  "has 129 bytes; at most 128 go" },
	{ "ADD bridge=br0 isolated=0", "isolated=0 is not known; 1 is" },
	{ "ADD bridge=br0 tap=0web", "tap=0web is no name that a tap can be" },
	{ "ADD bridge=br0 tap=a/b", "tap=a/b is no name" },
	{ "ADD bridge=br0 tap=a%d", "tap=a%d is no name" },
	{ "ADD bridge=br0 tap=default", "tap=default is no name" },
	{ "ADD bridge=br0 tap=xk0123456789", "tap=xk0123456789 is no name" },
	{ "ADD bridge=br0 tap=abcdefghijklmnop", "is no name" },
	{ "ADD bridge=br0 persist=1 owner=1 tap=a", "ADD does not go" },
	{ "ADD bridge=br0 learning=1", "learning=1 is not known; 0 is" },
	{ "ADD bridge=br0 learning=00", "learning=00 is not known; 0 is" },
	{ "ADD bridge=br0 type=none", "type=none is not known" },
	{ "ADD bridge=br0 type=any", "type=any is not known" },
	{ "ADD attach=none type=ovs persist=1 owner=1", "ADD does not go" },
	{ "ADD bridge=br0 persist=1 owner=1 vlan=1", "ADD does not go" },
	{ "ADD attach=ovs persist=1 owner=1", "attach=ovs is not known" },
	{ "HELLO type=linux", "HELLO does not go" },
	{ "OK if=tap0 ifindex=1 type=any mtu=1", "type=any is not known" },
	{ "OK if=tap0 ifindex=1 type=ovs mtu=1 port=" TEN TEN TEN "0123456",
	  "has 37 bytes; at most 36 go" },
	{ "ADD bridge=br0 bridges=1", "key 'bridges' is not known" },
	{ "ADD bridge=br0 msg=hello", "ADD does not go" },
	{ "ADD queues=1", "ADD does not go" },
	{ "ADD bridge=br0 queues=0", "queues=0 is not a number from 1 to 253" },
	{ "ADD bridge=br0 queues=254", "queues=254 is not a number" },
	{ "ADD bridge=br0 queues=-1", "queues=-1 is not a number" },
	{ "ADD bridge=br0 queues=1x", "queues=1x is not a number" },
	{ "ADD bridge=br0 queues=4294967297", "is not a number" },
	{ "ADD bridge=br0 queues=99999999999999999999", "is not a number" },
	{ "ADD bridge=br0 mac=52:54:00:12:34", "not of the form XX:XX" },
	{ "ADD bridge=br0 mac=52:54:00:12:34:5", "not of the form XX:XX" },
	{ "ADD bridge=br0 mac=52:54:00:12:34:567", "not of the form XX:XX" },
	{ "ADD bridge=br0 mac=52:54:00:12:34:zz", "not of the form XX:XX" },
	{ "ADD bridge=br0 mac=g2:54:00:12:34:56", "not of the form XX:XX" },
	{ "ADD bridge=br0 mac=52-54-00-12-34-56", "not of the form XX:XX" },
	{ "ADD bridge=br0 mac=00:00:00:00:00:00", "address of one station" },
	{ "ADD bridge=br0 mac=01:00:5e:00:00:01", "address of one station" },
	{ "ADD bridge=br0 mac=ff:ff:ff:ff:ff:ff", "address of one station" },
	{ "ADD bridge=br0 vm=" HUNDRED TEN TEN "012345678",
	  "has 129 bytes; at most 128 go" },
	{ "ADD bridge=br0 persist=1", "ADD does not go" },
	{ "ADD bridge=br0 owner=1", "ADD does not go" },
	{ "ADD bridge=br0 persist=0 owner=1", "persist=0 is not known" },
	{ "ADD bridge=br0 persist=1 owner=4294967295", "is not a number" },
	{ "ADD bridge=br0 persist=1 owner=1 queues=2", "ADD does not go" },
	{ "ADD bridge=br0 attach=none persist=1 owner=1", "ADD does not go" },
	{ "ADD attach=none", "ADD does not go" },
	{ "ADD attach=linux persist=1 owner=1", "attach=linux is not known" },
	{ "ADD attach=nonesuch persist=1 owner=1", "is not known" },
	{ "OK if=tap0 ifindex=1 type=linux", "OK does not go" },
	{ "OK if=tap0 ifindex=0 type=linux mtu=1", "ifindex=0 is not" },
	{ "ERR code=proto", "ERR does not go" },
	{ "ERR code=proto msg=", "msg= has no value" },
	{ "ERR code=odd msg=x", "code=odd is not known" },
	{ "ERR code=sys nic=129 msg=x", "nic=129 is not a number" },
	{ "ERR code=sys msg=two\nlines", "control character 0x0a" },
	{ "ERR msg=x code=sys", "ERR does not go" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct message message, untouched;
		struct fail fail = { .text = "" };

		memset(&untouched, 0x5a, sizeof(untouched));
		message = untouched;
		if (parse(bad[i].text, strlen(bad[i].text), &message, &fail) !=
		    -1)
			fail_msg("'%s' is accepted", bad[i].text);
		if (!strstr(fail.text, bad[i].why))
			fail_msg("'%s': %s", bad[i].text, fail.text);
		assert_int_equal(fail.code, FAIL_PROTO);
		assert_int_equal(fail.nic, FAIL_NO_NIC);
		assert_memory_equal(&message, &untouched, sizeof(message));
	}
}

static void test_nul_is_no_end(void **state)
{
	static const char text[] = "GO\0rubbish";
	struct message message;
	struct fail fail;

	(void)state;
	assert_int_equal(parse(text, sizeof(text), &message, &fail), -1);
	assert_non_null(strstr(fail.text, "control character 0x00"));
}

/* Each prefix and each single changed byte: an answer, and no crash. */
static void test_damaged(void **state)
{
	static const char text[] =
		"ADD bridge=br0 queues=2 mac=52:54:00:12:34:56 vm=web";
	const size_t len = sizeof(text) - 1;
	struct message message;
	struct fail fail;
	char data[sizeof(text)];

	(void)state;
	for (size_t i = 0; i < len; i++) {
		for (int byte = 0; byte < 256; byte++) {
			memcpy(data, text, len);
			data[i] = (char)byte;
			if (byte < ' ' || byte == 0x7f)
				assert_int_equal(
					parse(data, len, &message, &fail), -1);
			else if (parse(data, len, &message, &fail) == 0)
				assert_int_equal(message.verb, VERB_ADD);
		}
	}
	for (size_t i = 0; i < strlen("ADD bridge=b"); i++)
		assert_int_equal(parse(text, i, &message, &fail), -1);
}

static void test_size_limit(void **state)
{
	static const char start[] = "ERR code=sys msg=";
	static char data[NET_DATAGRAM_MAX + 1];
	char encoded[NET_DATAGRAM_MAX];
	struct message message;
	struct fail fail;

	(void)state;
	snprintf(data, sizeof(data), "%s", start);
	memset(data + strlen(start), 'x', sizeof(data) - strlen(start));
	assert_int_equal(
		parse(data, strlen(start) + NET_TEXT_MAX, &message, &fail), 0);
	assert_int_equal(strlen(message.err.text), NET_TEXT_MAX);
	assert_int_equal(message_encode(&message, encoded),
			 strlen(start) + NET_TEXT_MAX);
	assert_int_equal(parse(data, strlen(start) + NET_TEXT_MAX + 1, &message,
			       &fail),
			 -1);
	assert_non_null(strstr(fail.text, "has 1001 bytes"));
	assert_int_equal(parse(data, sizeof(data), &message, &fail), -1);
	assert_string_equal(fail.text, "a message has at most 4096 bytes");
}

static void test_values(void **state)
{
	static const char text[] =
		"ADD bridge=br0 queues=3 mac=52:54:00:12:34:fe vm=web";
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0xfe };
	struct message message;
	struct fail fail;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &message, &fail), 0);
	assert_int_equal(message.verb, VERB_ADD);
	assert_int_equal(message.keys,
			 KEY_BIT(KEY_BRIDGE) | KEY_BIT(KEY_QUEUES) |
				 KEY_BIT(KEY_MAC) | KEY_BIT(KEY_VM));
	assert_int_equal(message.add.attach, ATTACH_ANY);
	assert_int_equal(message.add.vlan, 0);
	assert_true(vlan_set_is_empty(&message.add.trunks));
	assert_int_equal(message.add.mtu, 0);
	assert_string_equal(message.add.iface_id, "");
	assert_false(message.add.is_isolated);
	assert_false(message.add.has_no_learning);
	assert_string_equal(message.add.bridge, "br0");
	assert_int_equal(message.add.queues, 3);
	assert_true(message.add.has_mac);
	assert_memory_equal(message.add.mac, mac, sizeof(mac));
	assert_string_equal(message.add.vm, "web");
	assert_false(message.add.persist);
}

/* Of the two keys type=, and the two mtu=, each verb has its own. */
static void test_bridge_values(void **state)
{
	static const char add[] = "ADD bridge=br0 type=ovs vlan=5 trunks=7-8 "
				  "mtu=9000 iface_id=id isolated=1 learning=0";
	static const char ok[] = "OK if=tap0 ifindex=1 type=ovs mtu=9 port=p";
	struct vlan_range range;
	struct message message;
	struct fail fail;

	(void)state;
	assert_int_equal(parse(add, strlen(add), &message, &fail), 0);
	assert_int_equal(message.add.attach, ATTACH_OVS);
	assert_int_equal(message.add.vlan, 5);
	assert_true(vlan_set_next(&message.add.trunks, 1, &range));
	assert_int_equal(range.first, 7);
	assert_int_equal(range.last, 8);
	assert_int_equal(message.add.mtu, 9000);
	assert_string_equal(message.add.iface_id, "id");
	assert_true(message.add.is_isolated);
	assert_true(message.add.has_no_learning);
	assert_int_equal(message.ok.mtu, 0);

	assert_int_equal(parse(ok, strlen(ok), &message, &fail), 0);
	assert_int_equal(message.ok.type, ATTACH_OVS);
	assert_int_equal(message.ok.mtu, 9);
	assert_string_equal(message.ok.port, "p");
	assert_int_equal(message.add.attach, ATTACH_ANY);
	assert_int_equal(message.add.mtu, 0);
}

static void test_defaults(void **state)
{
	static const char text[] = "ADD attach=none persist=1 owner=7";
	struct message message;
	struct fail fail;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &message, &fail), 0);
	assert_int_equal(message.add.attach, ATTACH_NONE);
	assert_string_equal(message.add.bridge, "");
	assert_int_equal(message.add.queues, 1);
	assert_false(message.add.has_mac);
	assert_string_equal(message.add.vm, "");
	assert_true(message.add.persist);
	assert_int_equal(message.add.owner, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_nul_is_no_end),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_size_limit),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bridge_values),
		cmocka_unit_test(test_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
