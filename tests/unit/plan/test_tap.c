/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/tap.h"

#include <errno.h>

#include "base/strbuf.h"
#include "scene.h"

/* What there is to know of a NIC whose tap is tested. */
static const struct nic_spec *set_up(struct scene *s, const char *nic)
{
	scene_init(s);
	scene_model(s, "virtio-net-pci", "virtio-net-pci", "netdev mq vectors");
	scene_model(s, "virtio-net-ccw", "virtio-net-ccw", "netdev mq");
	scene_model(s, "e1000", "e1000", "netdev");
	scene_nic(s, nic);
	return &s->spec.nics[0];
}

static const struct {
	const char *arg, *model;
	unsigned int cpus; /* 0: nothing says */
	unsigned int want;
} counts[] = {
	{ "br0", NULL, 4, 1 },
	{ "br0,queues=1", "e1000", 4, 1 },
	{ "br0,queues=3", "virtio-net-pci", 0, 3 },
	{ "br0,queues=253", "virtio-net-ccw", 1, 253 },
	{ "br0,queues=auto", "virtio-net-pci", 0, 1 },
	{ "br0,queues=auto", "virtio-net-pci", 1, 1 },
	{ "br0,queues=auto", "virtio-net-ccw", 4, 4 },
	{ "br0,queues=auto", "virtio-net-pci", 300, NIC_QUEUES_MAX },
	{ "br0,queues=auto", "e1000", 4, 1 },
};

static void test_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		const char *row = counts[i].arg;
		const struct model_facts *model = NULL;
		unsigned int queues;
		struct scene s;
		const struct nic_spec *nic = set_up(&s, row);

		if (counts[i].model)
			model = facts_model(&s.facts, counts[i].model);
		s.spec.cpus = counts[i].cpus;
		check_ok(row,
			 tap_count_queues(&s.spec, nic, model, &queues, &s.err),
			 &s.err);
		check_number(row, queues, counts[i].want);
		scene_done(&s);
	}
}

static void test_too_many(void **state)
{
	unsigned int queues = 7;
	struct scene s;
	const struct nic_spec *nic = set_up(&s, "br0,queues=2");

	(void)state;
	check_error("e1000",
		    tap_count_queues(&s.spec, nic,
				     facts_model(&s.facts, "e1000"), &queues,
				     &s.err),
		    &s.err, -EINVAL,
		    "queues=2: the device 'e1000' has only one; virtio-net "
		    "has many");
	assert_int_equal(queues, 7);
	scene_done(&s);
}

static const struct {
	const char *arg, *model;
	unsigned int queues;
	const char *want;
} words[] = {
	{ "br0", "virtio-net-pci", 1, "" },
	{ "br0,queues=2", "virtio-net-pci", 2, ",mq=on,vectors=6" },
	{ "br0,queues=253", "virtio-net-pci", 253, ",mq=on,vectors=508" },
	/* A device on a channel has no vectors. */
	{ "br0,queues=4", "virtio-net-ccw", 4, ",mq=on" },
	/* The user's words come later, and once. */
	{ "br0,queues=4,vectors=0", "virtio-net-pci", 4, ",mq=on" },
	{ "br0,mq=off,queues=4", "virtio-net-pci", 4, ",vectors=10" },
	{ "br0,mq,vectors=3,queues=4", "virtio-net-pci", 4, "" },
	/* A bridge is no word. */
	{ "mq,queues=2", "virtio-net-pci", 2, ",mq=on,vectors=6" },
};

static void test_device_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		cleanup_strbuf struct strbuf device = STRBUF_INIT;
		struct scene s;
		const struct nic_spec *nic = set_up(&s, words[i].arg);

		tap_add_device_words(&device, nic,
				     facts_model(&s.facts, words[i].model),
				     words[i].queues);
		check_text(words[i].arg, strbuf_str(&device), words[i].want);
		scene_done(&s);
	}
}

#define NOTE(why)                                                             \
	"net00: QEMU moves the packets, for /dev/vhost-net cannot be opened " \
	"(" why ")"

static const struct {
	const char *arg;
	unsigned int queues;
	int vhost_error; /* errno */
	const char *netdev, *notes;
} taps[] = {
	{ "br0", 1, 0, ",fd=3", "" },
	{ "br0", 3, 0, ",fds=3:4:5", "" },
	{ "br0,vhost=on", 1, 0, ",fd=3,vhost=on,vhostfd=4", "" },
	{ "br0,vhost=on", 2, 0, ",fds=3:4,vhost=on,vhostfds=5:6", "" },
	{ "br0,vhost=auto", 2, 0, ",fds=3:4,vhost=on,vhostfds=5:6", "" },
	{ "br0,vhost=auto", 1, ENOENT, ",fd=3,vhost=off",
	  NOTE("No such file or directory") },
	{ "br0,vhost=auto", 2, EACCES, ",fds=3:4,vhost=off",
	  NOTE("Permission denied") },
	{ "br0,vhost=off", 2, 0, ",fds=3:4,vhost=off", "" },
	/* Nobody asked for it. */
	{ "br0,vhost=off", 1, ENOENT, ",fd=3,vhost=off", "" },
	{ "br0", 1, ENOENT, ",fd=3", "" },
};

static void check_queues(const char *row, const struct plan *plan,
			 unsigned int queues)
{
	check_number(row, (long long)plan->tap_count, 1);
	check_text(row, plan->taps[0].netdev, "net00");
	check_text(row, plan->taps[0].bridge, "br0");
	check_text(row, plan->taps[0].mac, "52:54:00:00:00:01");
	check_number(row, plan->taps[0].queues, queues);
	for (size_t i = 0; i < plan->fd_count; i++) {
		const struct plan_fd *fd = &plan->fds[i];

		check_number(row, (long long)fd->nic, 0);
		check_number(row, fd->queue, (long long)i % queues);
		check_number(row, fd->kind,
			     i < queues ? PLAN_FD_TAP : PLAN_FD_VHOST_NET);
	}
}

static void test_add(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(taps); i++) {
		const char *row = taps[i].arg;
		cleanup_strbuf struct strbuf netdev = STRBUF_INIT;
		struct scene s;
		const struct nic_spec *nic = set_up(&s, row);

		s.facts.vhost_net_error = taps[i].vhost_error;
		check_ok(row,
			 tap_add(&s.plan, &netdev, nic, "net00",
				 "52:54:00:00:00:01", taps[i].queues, &s.facts,
				 &s.err),
			 &s.err);
		check_text(row, strbuf_str(&netdev), taps[i].netdev);
		check_queues(row, &s.plan, taps[i].queues);
		cleanup_free char *notes = scene_notes(&s);
		check_text(row, notes, taps[i].notes);
		scene_done(&s);
	}
}

/* The second tap of a guest, whose MAC is QEMU's choice. */
static void test_second(void **state)
{
	cleanup_strbuf struct strbuf netdev = STRBUF_INIT;
	struct scene s;
	const struct nic_spec *nic = set_up(&s, "br0");

	(void)state;
	check_ok("first",
		 tap_add(&s.plan, &netdev, nic, "net00", "52:54:00:00:00:01", 1,
			 &s.facts, &s.err),
		 &s.err);
	check_ok("second",
		 tap_add(&s.plan, &netdev, nic, "net02", NULL, 2, &s.facts,
			 &s.err),
		 &s.err);
	assert_int_equal(s.plan.tap_count, 2);
	assert_string_equal(s.plan.taps[1].netdev, "net02");
	assert_null(s.plan.taps[1].mac);
	assert_int_equal(s.plan.fd_count, 3);
	assert_int_equal(s.plan.fds[0].nic, 0);
	assert_int_equal(s.plan.fds[2].nic, 1);
	assert_int_equal(s.plan.fds[2].queue, 1);
	scene_done(&s);
}

static void test_no_vhost(void **state)
{
	cleanup_strbuf struct strbuf netdev = STRBUF_INIT;
	struct scene s;
	const struct nic_spec *nic = set_up(&s, "br0,vhost=on");

	(void)state;
	s.facts.vhost_net_error = ENOENT;
	check_error("missing",
		    tap_add(&s.plan, &netdev, nic, "net00", NULL, 1, &s.facts,
			    &s.err),
		    &s.err, -ENOENT,
		    "vhost=on: /dev/vhost-net cannot be opened (No such file "
		    "or directory); load the module ('modprobe vhost_net'), "
		    "see who may open it, or say vhost=auto");
	assert_int_equal(s.plan.tap_count, 0);
	assert_string_equal(strbuf_str(&netdev), "");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_device_words),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_second),
		cmocka_unit_test(test_no_vhost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
