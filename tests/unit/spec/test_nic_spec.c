/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/nic_spec.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *arg;
	const char *bridge; /* NULL: user */
	const char *model;
	enum nic_mac mac_kind;
	const char *mac; /* for NIC_MAC_GIVEN; the NIC's number is 3 */
} good[] = {
	{ "user", NULL, NULL, NIC_MAC_DEFAULT, NULL },
	{ "br0", "br0", NULL, NIC_MAC_DEFAULT, NULL },
	{ "012345678901234", "012345678901234", NULL, NIC_MAC_DEFAULT, NULL },
	{ "br.100", "br.100", NULL, NIC_MAC_DEFAULT, NULL },
	{ "br\303\274cke", "br\303\274cke", NULL, NIC_MAC_DEFAULT, NULL },
	{ "User", "User", NULL, NIC_MAC_DEFAULT, NULL },
	{ "a,,b", "a,b", NULL, NIC_MAC_DEFAULT, NULL },
	{ "br0,model=virtio", "br0", "virtio-net-pci", NIC_MAC_DEFAULT, NULL },
	{ "br0,model=e1000", "br0", "e1000", NIC_MAC_DEFAULT, NULL },
	{ "br0,model=e1000,model=virtio", "br0", "virtio-net-pci",
	  NIC_MAC_DEFAULT, NULL },
	{ "br0,mac=auto", "br0", NULL, NIC_MAC_AUTO, NULL },
	{ "br0,mac=random", "br0", NULL, NIC_MAC_RANDOM, NULL },
	{ "br0,mac=:05", "br0", NULL, NIC_MAC_GIVEN, "52:54:00:12:34:05" },
	{ "br0,macaddr=aa:bb", "br0", NULL, NIC_MAC_GIVEN,
	  "52:54:00:12:aa:bb" },
	{ "br0,mac=", "br0", NULL, NIC_MAC_GIVEN, "52:54:00:12:34:03" },
	{ "br0,mac=:05,mac=random", "br0", NULL, NIC_MAC_RANDOM, NULL },
	{ "user,mac=02:00:00:00:00:01,net=10.0.0.0/24", NULL, NULL,
	  NIC_MAC_GIVEN, "02:00:00:00:00:01" },
	{ "user,hostfwd=tcp::2222-:22,dnssearch=example.com", NULL, NULL,
	  NIC_MAC_DEFAULT, NULL },
};

static void check_nic(size_t row, const struct nic_spec *nic)
{
	const char *arg = good[row].arg;
	char mac[MAC_TEXT_SIZE];

	check_text(arg, nic->arg, arg);
	check_number(arg, nic->kind, good[row].bridge ? NIC_BRIDGE : NIC_USER);
	check_text(arg, nic->bridge, good[row].bridge);
	check_text(arg, nic->model, good[row].model);
	check_number(arg, nic->mac_kind, good[row].mac_kind);
	if (!good[row].mac)
		return;
	mac_format(&nic->mac, mac);
	check_text(arg, mac, good[row].mac);
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct nic_spec nic;
		struct err err;

		check_ok(good[i].arg,
			 nic_spec_parse(good[i].arg, 3, &nic, &err), &err);
		check_nic(i, &nic);
		nic_spec_done(&nic);
		assert_null(nic.arg);
	}
}

/* What is said of the tap. */
static const struct {
	const char *arg;
	int queues;
	enum nic_vhost vhost;
} taps[] = {
	{ "br0", 0, NIC_VHOST_NOT_SAID },
	{ "br0,queues=1", 1, NIC_VHOST_NOT_SAID },
	{ "br0,queues=4", 4, NIC_VHOST_NOT_SAID },
	{ "br0,queues=253", NIC_QUEUES_MAX, NIC_VHOST_NOT_SAID },
	{ "br0,queues=auto", NIC_QUEUES_AUTO, NIC_VHOST_NOT_SAID },
	{ "br0,queues=auto,queues=2", 2, NIC_VHOST_NOT_SAID },
	{ "br0,vhost=auto", 0, NIC_VHOST_AUTO },
	{ "br0,vhost=on", 0, NIC_VHOST_ON },
	{ "br0,vhost=yes", 0, NIC_VHOST_ON },
	{ "br0,vhost=true", 0, NIC_VHOST_ON },
	{ "br0,vhost=y", 0, NIC_VHOST_ON },
	{ "br0,vhost", 0, NIC_VHOST_ON },
	{ "br0,vhost=off", 0, NIC_VHOST_OFF },
	{ "br0,vhost=no", 0, NIC_VHOST_OFF },
	{ "br0,vhost=false", 0, NIC_VHOST_OFF },
	{ "br0,vhost=n", 0, NIC_VHOST_OFF },
	{ "br0,vhost=on,vhost=off", 0, NIC_VHOST_OFF },
	{ "br0,vhostforce", 0, NIC_VHOST_ON },
	{ "br0,vhostforce=yes", 0, NIC_VHOST_ON },
	{ "br0,vhostforce=off", 0, NIC_VHOST_NOT_SAID },
	/* vhost= decides, before or after. */
	{ "br0,vhostforce=on,vhost=off", 0, NIC_VHOST_OFF },
	{ "br0,vhost=off,vhostforce=on", 0, NIC_VHOST_OFF },
	{ "br0,vhost=auto,vhostforce=on", 0, NIC_VHOST_AUTO },
	{ "br0,vhost=on,vhostforce=off", 0, NIC_VHOST_ON },
};

static void test_taps(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(taps); i++) {
		const char *arg = taps[i].arg;
		struct nic_spec nic;
		struct err err;

		check_ok(arg, nic_spec_parse(arg, 0, &nic, &err), &err);
		check_number(arg, nic.queues, taps[i].queues);
		check_number(arg, nic.vhost, taps[i].vhost);
		nic_spec_done(&nic);
	}
}

/* In the order of the words, both spellings. */
static void test_forwards(void **state)
{
	struct nic_spec nic;
	struct err err;

	(void)state;
	check_ok("forwards",
		 nic_spec_parse("user,fwd=:22,hostfwd=tcp::81-:80,"
				"hostfwd=odd,fwd=53:53/udp",
				0, &nic, &err),
		 &err);
	assert_int_equal(nic.forward_count, 3);
	assert_int_equal(nic.forwards[0].guest_port, 22);
	assert_false(nic.forwards[0].is_hostfwd);
	assert_int_equal(nic.forwards[1].host_port, 81);
	assert_true(nic.forwards[1].is_hostfwd);
	assert_true(nic.forwards[2].is_udp);
	nic_spec_done(&nic);

	/* QEMU's to refuse. */
	check_ok("on a bridge",
		 nic_spec_parse("br0,hostfwd=tcp::81-:80", 0, &nic, &err),
		 &err);
	assert_int_equal(nic.forward_count, 0);
	nic_spec_done(&nic);
}

#define EMPTY(n)                                                          \
	"word " n " is empty (words are separated by one ','; ',,' is a " \
	"comma in a word)"
#define CHARACTER(name, c)                                                \
	"bridge name '" name "' has '" c "' in it, which no interface's " \
	"name can have"
#define BLANK(name)                                                      \
	"bridge name '" name "' has white space or a control character " \
	"in it"
#define RESERVED(w, key)                                                     \
	"word " w ": '" key "' is xkvm's to set: the ids are net00, net01, " \
	"... and the first word says the type"

#define QUEUES(value)                                                \
	"word 2: queues=" value ": give a number from 1 to 253, or " \
	"auto for as many as the guest has CPUs"
#define BRIDGES(key)                                                      \
	"word 2: '" key "' is for NICs on bridges; the user network has " \
	"no tap"

static const struct {
	const char *arg;
	const char *message;
} bad[] = {
	{ "", EMPTY("1") },
	{ ",model=e1000", EMPTY("1") },
	{ ",br0", EMPTY("1") },
	{ "0123456789012345", "bridge name '0123456789012345' has 16 "
			      "characters; the kernel's limit is 15" },
	{ "../net/br0", CHARACTER("../net/br0", "/") },
	{ "a/b", CHARACTER("a/b", "/") },
	{ "*", CHARACTER("*", "*") },
	{ "br?", CHARACTER("br?", "?") },
	{ "br[0]", CHARACTER("br[0]", "[") },
	{ "br:0", CHARACTER("br:0", ":") },
	{ "br%d", CHARACTER("br%d", "%") },
	{ "-v", "'-v' cannot name a bridge" },
	{ ".", "'.' cannot name a bridge" },
	{ "..", "'..' cannot name a bridge" },
	{ "br 0", BLANK("br 0") },
	{ "br\t0", BLANK("br?0") },
	{ "br\n0", BLANK("br?0") },
	{ "br\x7f", BLANK("br?") },
	{ "bridge=br0", "the first word is 'user' or a bridge, not "
			"'bridge=br0'" },
	{ "user=", "the first word is 'user' or a bridge, not 'user='" },
	{ "br0,model=", "word 2: model= needs a QEMU device, such as virtio "
			"or e1000" },
	{ "br0,model", "word 2: 'model' needs a value" },
	{ "br0,x=1,mac", "word 3: 'mac' needs a value" },
	{ "br0,=x", "word 2: '=x' has no key before its '='" },
	{ "br0,id=net00", RESERVED("2", "id") },
	{ "br0,a=b,type=user", RESERVED("3", "type") },
	{ "br0,netdev=n", RESERVED("2", "netdev") },
	{ "br0,queues", "word 2: 'queues' needs a value" },
	{ "br0,queues=", QUEUES("") },
	{ "br0,queues=0", QUEUES("0") },
	{ "br0,queues=-1", QUEUES("-1") },
	{ "br0,queues=254", QUEUES("254") },
	{ "br0,queues=99999999999999999999", QUEUES("99999999999999999999") },
	{ "br0,queues=4x", QUEUES("4x") },
	{ "br0,queues=all", QUEUES("all") },
	{ "br0,vhost=", "word 2: vhost=: use auto, on or off" },
	{ "br0,vhost=ON", "word 2: vhost=ON: use auto, on or off" },
	{ "br0,vhostforce=auto", "word 2: vhostforce=auto: use vhost=auto, "
				 "on or off" },
	{ "user,queues=2", BRIDGES("queues") },
	{ "user,vhost=on", BRIDGES("vhost") },
	{ "user,vhostforce=off", BRIDGES("vhostforce") },
	{ "br0,fwd=2222:22", "word 2: 'fwd' is for NICs on the user network; "
			     "a guest on a bridge is reached at its own "
			     "address" },
	{ "user,fwd", "word 2: 'fwd' needs a value" },
	{ "user,fwd=1:1,fwd=2:x", "word 3: fwd=2:x: 'x' is no port of the "
				  "guest, from 1 to 65535" },
	{ "br0,mac=zz", "word 2: mac=zz: octet 1 'zz' is not one or two "
			"hexadecimal digits" },
	{ "br0,macaddr=1:2:3:4:5:6:7",
	  "word 2: mac=1:2:3:4:5:6:7: more than six octets; an address is "
	  "52:54:00:12:34:56 or its last octets" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct nic_spec nic, before;
		struct err err;

		memset(&before, 0x5a, sizeof(before));
		nic = before;
		check_error(bad[i].arg,
			    nic_spec_parse(bad[i].arg, 0, &nic, &err), &err,
			    -EINVAL, bad[i].message);
		assert_memory_equal(&nic, &before, sizeof(nic));
	}
}

static void test_takes(void **state)
{
	static const char *const taken[] = { "mac=x",	"macaddr=x",
					     "model=x", "queues=x",
					     "vhost=x", "vhostforce",
					     "fwd=x" };
	static const char *const open[] = { "host_mtu=x", "hostfwd=x", "addr",
					    "vhostfd=x" };
	struct words words;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		check_ok(taken[i], words_parse(taken[i], &words, &err), &err);
		assert_true(nic_spec_takes(&words.items[0]));
		words_done(&words);
	}
	for (size_t i = 0; i < ARRAY_SIZE(open); i++) {
		check_ok(open[i], words_parse(open[i], &words, &err), &err);
		assert_false(nic_spec_takes(&words.items[0]));
		words_done(&words);
	}
}

static void test_ifname(void **state)
{
	struct err err;

	(void)state;
	check_ok("user", ifname_check("user", &err), &err);
	check_error("empty", ifname_check("", &err), &err, -EINVAL,
		    "the bridge's name is empty");
	check_error("long",
		    ifname_check("0123456789012345678901234567890123456789"
				 "0123456789",
				 &err),
		    &err, -EINVAL,
		    "bridge name '0123456789012345678901234567890123456789' "
		    "has 50 characters; the kernel's limit is 15");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_taps),
		cmocka_unit_test(test_bad),    cmocka_unit_test(test_takes),
		cmocka_unit_test(test_ifname), cmocka_unit_test(test_forwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
