/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/nic.h"

#include <errno.h>

#include "plan/guest_mac.h"
#include "scene.h"

static void set_up(struct scene *s)
{
	scene_init(s);
	scene_bridge(s, "br0");
	scene_bridge(s, "eth0")->is_bridge = false;
	scene_bridge(s, "br9")->exists = false;
	scene_model(s, "virtio-net-pci", "virtio-net-pci",
		    "netdev mac mq vectors host_mtu");
	scene_model(s, "e1000", "e1000", "netdev mac addr");
	scene_model(s, "nvme", "nvme", "drive serial");
	scene_model(s, "e100", NULL, "");
	scene_words(&s->facts.qemu.devices, "e1000 nvme");
}

static int add(struct scene *s, const char *arch)
{
	const struct machine machine = machine_of(arch);

	return nic_add_all(&s->plan, &s->spec, &s->facts, &machine, &s->err);
}

/* The only NIC of a command line, and what QEMU is told. */
static const struct {
	const char *arg;
	const char *command;
	const char *tap_mac; /* "": no tap; NULL: a tap without one */
} good[] = {
	{ "user",
	  "-device virtio-net-pci,netdev=net00 "
	  "-netdev type=user,id=net00",
	  "" },
	{ "user,mac=auto",
	  "-device virtio-net-pci,netdev=net00 "
	  "-netdev type=user,id=net00",
	  "" },
	{ "user,mac=:05",
	  "-device virtio-net-pci,netdev=net00,mac=52:54:00:12:34:05 "
	  "-netdev type=user,id=net00",
	  "" },
	{ "br0,mac=:05",
	  "-device virtio-net-pci,netdev=net00,mac=52:54:00:12:34:05 "
	  "-netdev type=tap,id=net00,fd=3",
	  "52:54:00:12:34:05" },
	{ "br0,mac=auto",
	  "-device virtio-net-pci,netdev=net00 "
	  "-netdev type=tap,id=net00,fd=3",
	  NULL },
	/* Each word on its side, the address last. */
	{ "user,model=e1000,hostfwd=tcp::2222-:22,addr=5,dns=1.1.1.1,mac=",
	  "-device e1000,netdev=net00,addr=5,mac=52:54:00:12:34:00 "
	  "-netdev type=user,id=net00,hostfwd=tcp::2222-:22,dns=1.1.1.1",
	  "" },
	{ "user,dnssearch=a,,b,restrict",
	  "-device virtio-net-pci,netdev=net00 "
	  "-netdev type=user,id=net00,dnssearch=a,,b,restrict=on",
	  "" },
	{ "user,model=e1000,bus=pci.1",
	  "-device e1000,netdev=net00,bus=pci.1 -netdev type=user,id=net00",
	  "" },
	{ "br0,mac=auto,sndbuf=0,mq",
	  "-device virtio-net-pci,netdev=net00,mq=on "
	  "-netdev type=tap,id=net00,sndbuf=0,fd=3",
	  NULL },
	/* What xkvm knows to do with it is not handed on as it stands. */
	{ "br0,vhost=yes,sndbuf=0,queues=2,mac=auto,host_mtu=1400",
	  "-device virtio-net-pci,netdev=net00,mq=on,vectors=6,host_mtu=1400 "
	  "-netdev type=tap,id=net00,sndbuf=0,fds=3:4,vhost=on,vhostfds=5:6",
	  NULL },
};

static void check_tap(const char *row, const struct plan *plan, const char *mac)
{
	bool has_tap = !mac || *mac;

	check_number(row, (long long)plan->tap_count, has_tap);
	if (!has_tap)
		return;
	check_text(row, plan->taps[0].netdev, "net00");
	check_text(row, plan->taps[0].bridge, "br0");
	check_text(row, plan->taps[0].mac, mac);
	check_number(row, plan->fds[0].kind, PLAN_FD_TAP);
	check_number(row, plan->fds[0].number, 3);
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const char *row = good[i].arg;
		struct scene s;

		set_up(&s);
		scene_nic(&s, row);
		check_ok(row, add(&s, "x86_64"), &s.err);
		cleanup_free char *command = scene_command(&s);
		check_text(row, command, good[i].command);
		check_tap(row, &s.plan, good[i].tap_mac);
		scene_done(&s);
	}
}

#define TAKEN(option)                                                        \
	"--netdev 'br0," option "': '" option "' cannot be set: xkvm makes " \
	"the tap and hands it to QEMU by descriptor"

static const struct {
	const char *arg;
	int code;
	const char *message;
} bad[] = {
	{ "br9", -ENODEV,
	  "--netdev 'br9': there is no bridge 'br9'; 'ip link show type "
	  "bridge' lists those there are, 'user' needs none" },
	{ "br1", -ENODEV,
	  "--netdev 'br1': there is no bridge 'br1'; 'ip link show type "
	  "bridge' lists those there are, 'user' needs none" },
	{ "eth0", -ENODEV,
	  "--netdev 'eth0': 'eth0' is not a bridge; 'ip link show type "
	  "bridge' lists those there are, 'ovs-vsctl list-br' those of Open "
	  "vSwitch" },
	{ "ovs:br0", -ENODEV,
	  "--netdev 'ovs:br0': 'br0' is a Linux bridge, not one of Open "
	  "vSwitch" },
	{ "br0,vhost=on", -EACCES,
	  "--netdev 'br0,vhost=on': vhost=on: /dev/vhost-net cannot be opened "
	  "(Permission denied); load the module ('modprobe vhost_net'), see "
	  "who may open it, or say vhost=auto" },
	{ "br0,queues=2,model=e1000", -EINVAL,
	  "--netdev 'br0,queues=2,model=e1000': queues=2: the device 'e1000' "
	  "has only one; virtio-net has many" },
	{ "br0,queues=auto,model=nvme", -EINVAL,
	  "--netdev 'br0,queues=auto,model=nvme': the device 'nvme' takes no "
	  "netdev: it is no NIC" },
	{ "br0,queus=2", -EINVAL,
	  "--netdev 'br0,queus=2': neither virtio-net-pci nor QEMU's -netdev "
	  "tap knows 'queus'; did you mean 'queues'?" },
	{ "user,model=e100", -EINVAL,
	  "--netdev 'user,model=e100': /usr/bin/qemu has no device 'e100'; "
	  "did you mean 'e1000'?" },
	{ "user,model=nvme", -EINVAL,
	  "--netdev 'user,model=nvme': the device 'nvme' takes no netdev: it "
	  "is no NIC" },
	{ "user,hostfw=x", -EINVAL,
	  "--netdev 'user,hostfw=x': neither virtio-net-pci nor QEMU's "
	  "-netdev user knows 'hostfw'; did you mean 'hostfwd'?" },
	{ "br0,hostfwd=x", -EINVAL,
	  "--netdev 'br0,hostfwd=x': neither virtio-net-pci nor QEMU's "
	  "-netdev tap knows 'hostfwd'" },
	{ "br0,ifname", -EINVAL, TAKEN("ifname") "; tap= names it" },
	{ "br0,script", -EINVAL, TAKEN("script") },
	{ "br0,downscript", -EINVAL, TAKEN("downscript") },
	{ "br0,helper", -EINVAL, TAKEN("helper") },
	{ "br0,br", -EINVAL, TAKEN("br") },
	{ "br0,fd", -EINVAL, TAKEN("fd") },
	{ "br0,fds", -EINVAL, TAKEN("fds") },
	{ "br0,vhostfd", -EINVAL, TAKEN("vhostfd") },
	{ "br0,vhostfds", -EINVAL, TAKEN("vhostfds") },
	{ "br0,vnet_hdr", -EINVAL, TAKEN("vnet_hdr") },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct scene s;

		set_up(&s);
		s.facts.vhost_net_error = EACCES;
		scene_nic(&s, bad[i].arg);
		check_error(bad[i].arg, add(&s, "x86_64"), &s.err, bad[i].code,
			    bad[i].message);
		scene_done(&s);
	}
}

/* A NIC on a bridge has an address of its own, whatever its neighbours do. */
static void test_addresses(void **state)
{
	char want[MAC_TEXT_SIZE];
	struct scene s;

	(void)state;
	set_up(&s);
	scene_nic(&s, "user");
	scene_nic(&s, "br0");
	scene_nic(&s, "br0,mac=random");
	check_ok("three", add(&s, "x86_64"), &s.err);
	assert_int_equal(s.plan.tap_count, 2);
	const struct mac stable = guest_mac_stable(&s.spec, &s.facts, 1);
	mac_format(&stable, want);
	assert_string_equal(s.plan.taps[0].mac, want);
	assert_string_equal(s.plan.taps[0].netdev, "net01");
	const struct mac random = guest_mac_random(&s.facts, 2);
	mac_format(&random, want);
	assert_string_equal(s.plan.taps[1].mac, want);
	scene_done(&s);
}

/* Each tap and each vhost has a descriptor of its own, and none is the
 * caller's. */
static void test_descriptors(void **state)
{
	static const struct {
		int number;
		enum plan_fd_kind kind;
		size_t nic;
	} want[] = {
		{ 3, PLAN_FD_TAP, 0 },
		{ 4, PLAN_FD_VHOST_NET, 0 },
		{ 6, PLAN_FD_TAP, 1 },
	};
	struct scene s;

	(void)state;
	set_up(&s);
	struct plan_fd *inherited = plan_add_fd(&s.plan, PLAN_FD_INHERITED);
	inherited->number = 5;
	scene_nic(&s, "br0,mac=auto,vhost=on");
	scene_nic(&s, "br0,mac=auto");
	check_ok("two", add(&s, "x86_64"), &s.err);
	assert_int_equal(s.plan.fd_count, ARRAY_SIZE(want) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const struct plan_fd *fd = &s.plan.fds[i + 1];

		assert_int_equal(fd->number, want[i].number);
		assert_int_equal(fd->kind, want[i].kind);
		assert_int_equal(fd->nic, want[i].nic);
	}
	scene_done(&s);
}

static void test_default(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	check_ok("no virbr0", add(&s, "s390x"), &s.err);
	cleanup_free char *command = scene_command(&s);
	cleanup_free char *notes = scene_notes(&s);
	assert_string_equal(command, "-device virtio-net-ccw,netdev=net00 "
				     "-netdev type=user,id=net00");
	assert_string_equal(notes,
			    "there is no bridge virbr0 on this host; the NIC "
			    "is on QEMU's user network (--netdev chooses)");
	scene_done(&s);

	set_up(&s);
	scene_bridge(&s, DEFAULT_BRIDGE);
	check_ok("virbr0", add(&s, "x86_64"), &s.err);
	assert_int_equal(s.plan.note_count, 0);
	assert_int_equal(s.plan.tap_count, 1);
	assert_string_equal(s.plan.taps[0].bridge, "virbr0");
	assert_non_null(s.plan.taps[0].mac);
	scene_done(&s);
}

/* Without a word that only QEMU can place nothing needs to be known of it. */
static void test_mute_qemu(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.facts.qemu.failure = xstrdup("it does not speak QMP");
	scene_nic(&s, "user,mac=:01");
	check_ok("plain", add(&s, "x86_64"), &s.err);
	scene_nic(&s, "user,restrict=on");
	check_error("word", add(&s, "x86_64"), &s.err, -ENODEV,
		    "--netdev 'user,restrict=on': cannot tell what "
		    "'virtio-net-pci' understands: it does not speak QMP");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_mute_qemu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
