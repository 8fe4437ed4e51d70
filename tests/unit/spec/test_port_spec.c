/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/port_spec.h"

#include <errno.h>

#include "check.h"

/* Takes all words of a text, which need not be the words of one NIC. */
static int take(const char *text, struct port_spec *ret, struct err *err)
{
	struct words words;
	int r = words_parse(text, &words, err);

	for (size_t i = 0; r == 0 && i < words.count; i++)
		r = port_spec_set(ret, &words.items[i], err);
	words_done(&words);
	return r == 0 ? port_spec_check(ret, err) : r;
}

static const struct {
	const char *text;
	struct port_spec want;
} good[] = {
	{ "vlan=1", { .vlan = 1 } },
	{ "vlan=4094", { .vlan = 4094 } },
	{ "trunks=7", { .trunks = (char *)"7" } },
	{ "trunks=1-4094", { .trunks = (char *)"1-4094" } },
	{ "trunks=10-19:30:40-40", { .trunks = (char *)"10-19:30:40-40" } },
	{ "mtu=68", { .mtu = 68 } },
	{ "mtu=65521", { .mtu = 65521 } },
	{ "iface-id=a-b_1", { .iface_id = (char *)"a-b_1" } },
	{ "isolated", { .is_isolated = true } },
	{ "isolated=on,isolated=off", { .is_isolated = false } },
	{ "learning=off", { .is_not_learning = true } },
	{ "learning=off,learning=on", { .is_not_learning = false } },
	{ "tap=a.b_c-D0", { .tap = (char *)"a.b_c-D0" } },
	{ "tap=abcdefghijklmno", { .tap = (char *)"abcdefghijklmno" } },
	{ "tap=xk012345678g", { .tap = (char *)"xk012345678g" } },
	{ "tap=a,tap=xkvm0", { .tap = (char *)"xkvm0" } },
	{ "vlan=5,trunks=6", { .vlan = 5, .trunks = (char *)"6" } },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const struct port_spec *want = &good[i].want;
		struct port_spec port = { 0 }, copy;
		struct err err;

		check_ok(good[i].text, take(good[i].text, &port, &err), &err);
		port_spec_copy(&copy, &port);
		port_spec_done(&port);
		check_number(good[i].text, copy.vlan, want->vlan);
		check_number(good[i].text, copy.mtu, want->mtu);
		check_number(good[i].text, copy.is_isolated, want->is_isolated);
		check_number(good[i].text, copy.is_not_learning,
			     want->is_not_learning);
		check_text(good[i].text, copy.trunks, want->trunks);
		check_text(good[i].text, copy.iface_id, want->iface_id);
		check_text(good[i].text, copy.tap, want->tap);
		port_spec_done(&copy);
	}
}

#define VLAN(value) "vlan=" value ": give a number from 1 to 4094"
#define TRUNKS(value)                                                         \
	"trunks=" value ": give VLANs from 1 to 4094 and ranges of them, as " \
	"in 10-19:30"
#define MTU(value) "mtu=" value ": give a number from 68 to 65521"
#define TAP(value)                                                             \
	"tap=" value ": give a name of 1 to 15 letters, digits, '.', '_' and " \
	"'-' that begins with a letter"
#define IFACE_ID "iface-id= needs a name of 1 to 128 bytes, without white space"

static const struct {
	const char *text;
	const char *message;
} bad[] = {
	{ "vlan=", VLAN("") },
	{ "vlan=0", VLAN("0") },
	{ "vlan=4095", VLAN("4095") },
	{ "vlan=1x", VLAN("1x") },
	{ "vlan=+1", VLAN("+1") },
	{ "vlan=99999999999999999999", VLAN("99999999999999999999") },
	{ "trunks=", TRUNKS("") },
	{ "trunks=10-5", TRUNKS("10-5") },
	{ "trunks=1:", TRUNKS("1:") },
	{ "trunks=1-", TRUNKS("1-") },
	{ "trunks=1-2-3", TRUNKS("1-2-3") },
	{ "trunks=0-3", TRUNKS("0-3") },
	{ "mtu=67", MTU("67") },
	{ "mtu=65522", MTU("65522") },
	{ "iface-id=", IFACE_ID },
	{ "iface-id=a b", IFACE_ID },
	{ "tap=", TAP("") },
	{ "tap=0web", TAP("0web") },
	{ "tap=-web", TAP("-web") },
	{ "tap=a b", TAP("a b") },
	{ "tap=a/b", TAP("a/b") },
	{ "tap=a%d", TAP("a%d") },
	{ "tap=abcdefghijklmnop", TAP("abcdefghijklmnop") },
	{ "tap=all", "tap=all: that name is no interface's; give another" },
	{ "tap=xk0123456789",
	  "tap=xk0123456789: that name is one of those that "
	  "xkvm-net makes up; give another" },
	{ "tap", "'tap' needs a value" },
	{ "iface-id", "'iface-id' needs a value" },
	{ "isolated=yes", "isolated=yes: use on or off" },
	{ "learning=", "learning=: use on or off" },
	{ "iface-id=a,isolated",
	  "iface-id= is for Open vSwitch bridges; isolated= and learning= are "
	  "for Linux bridges" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct port_spec port = { 0 };
		struct err err;

		check_number(bad[i].text, take(bad[i].text, &port, &err),
			     -EINVAL);
		check_text(bad[i].text, err.text, bad[i].message);
		port_spec_done(&port);
	}
}

static void test_type(void **state)
{
	struct port_spec linux_port = { .type = BRIDGE_LINUX };
	struct port_spec ovs_port = { .type = BRIDGE_OVS };
	struct err err;

	(void)state;
	assert_int_equal(take("iface-id=a", &linux_port, &err), -EINVAL);
	assert_int_equal(take("learning=off", &ovs_port, &err), -EINVAL);
	assert_string_equal(err.text,
			    "isolated= and learning= are for Linux bridges");
	port_spec_done(&linux_port);
	port_spec_done(&ovs_port);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
