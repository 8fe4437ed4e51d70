/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/sides.h"

#include <errno.h>

#include "scene.h"

static void set_up(struct scene *s)
{
	struct qemu_facts *qemu = &s->facts.qemu;

	scene_init(s);
	scene_model(s, "nvme", "nvme", "drive serial addr cache-size");
	scene_model(s, "e1000", "e1000", "netdev mac mtu");
	scene_words(&qemu->drive_options, "aio media");
	scene_words(&qemu->block_options, "cache. detect-zeroes l2-cache-size");
	scene_words(&qemu->user_options, "new-user");
	scene_words(&qemu->tap_options, "new-tap");
	scene_words(&qemu->devices, "nvme e1000 virtio-net-pci scsi-hd");
}

static const struct {
	const char *key;
	enum side side; /* with a device */
	enum side without;
} disk_keys[] = {
	{ "serial", SIDE_DEVICE, SIDE_UNKNOWN },
	{ "addr", SIDE_DEVICE, SIDE_UNKNOWN },
	{ "aio", SIDE_BACKEND, SIDE_BACKEND },
	{ "cache", SIDE_BACKEND, SIDE_BACKEND },
	{ "readonly", SIDE_BACKEND, SIDE_BACKEND },
	{ "iops_rd_max", SIDE_BACKEND, SIDE_BACKEND },
	{ "file.locking", SIDE_BACKEND, SIDE_BACKEND },
	{ "detect-zeroes", SIDE_BACKEND, SIDE_BACKEND },
	/* An entry that ends in '.' stands for all that begin so. */
	{ "cache.direct", SIDE_BACKEND, SIDE_BACKEND },
	{ "cache.", SIDE_BACKEND, SIDE_BACKEND },
	{ "caches", SIDE_UNKNOWN, SIDE_UNKNOWN },
	{ "detect-zeroes.x", SIDE_UNKNOWN, SIDE_UNKNOWN },
	{ "", SIDE_UNKNOWN, SIDE_UNKNOWN },
	{ "Serial", SIDE_UNKNOWN, SIDE_UNKNOWN },
};

static void test_disk_key(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	const struct model_facts *nvme = facts_model(&s.facts, "nvme");
	for (size_t i = 0; i < ARRAY_SIZE(disk_keys); i++) {
		const char *key = disk_keys[i].key;

		check_number(key, sides_of_disk_key(nvme, &s.facts.qemu, key),
			     disk_keys[i].side);
		check_number(key, sides_of_disk_key(NULL, &s.facts.qemu, key),
			     disk_keys[i].without);
	}
	scene_done(&s);
}

static const struct {
	const char *key;
	enum side user, tap;
} nic_keys[] = {
	{ "mtu", SIDE_DEVICE, SIDE_DEVICE },
	{ "bus", SIDE_DEVICE, SIDE_DEVICE }, /* of every device */
	{ "hostfwd", SIDE_BACKEND, SIDE_UNKNOWN },
	{ "dnssearch", SIDE_BACKEND, SIDE_UNKNOWN },
	{ "ipv6-net", SIDE_BACKEND, SIDE_UNKNOWN },
	{ "new-user", SIDE_BACKEND, SIDE_UNKNOWN },
	{ "vhost", SIDE_UNKNOWN, SIDE_BACKEND },
	{ "queues", SIDE_UNKNOWN, SIDE_BACKEND },
	{ "new-tap", SIDE_UNKNOWN, SIDE_BACKEND },
	{ "zzz", SIDE_UNKNOWN, SIDE_UNKNOWN },
};

static void test_nic_key(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	const struct model_facts *model = facts_model(&s.facts, "e1000");
	for (size_t i = 0; i < ARRAY_SIZE(nic_keys); i++) {
		const char *key = nic_keys[i].key;

		check_number(key,
			     sides_of_nic_key(model, &s.facts.qemu, NIC_USER,
					      key),
			     nic_keys[i].user);
		check_number(key,
			     sides_of_nic_key(model, &s.facts.qemu, NIC_BRIDGE,
					      key),
			     nic_keys[i].tap);
	}
	scene_done(&s);
}

static void test_nearest(void **state)
{
	static const struct {
		const char *key, *disk, *user, *tap;
	} rows[] = {
		{ "seriall", "serial", NULL, NULL },
		{ "fromat", "format", NULL, NULL },
		{ "meida", "media", NULL, NULL },
		{ "l2-cache-siz", "l2-cache-size", NULL, NULL },
		{ "hostfw", NULL, "hostfwd", "vhostfd" },
		{ "vhots", NULL, "host", "vhost" },
		{ "macadr", NULL, "macaddr", "macaddr" },
		{ "new-usr", NULL, "new-user", NULL },
		{ "zzzzzz", NULL, NULL, NULL },
	};
	struct scene s;

	(void)state;
	set_up(&s);
	const struct qemu_facts *qemu = &s.facts.qemu;
	const struct model_facts *nvme = facts_model(&s.facts, "nvme");
	const struct model_facts *e1000 = facts_model(&s.facts, "e1000");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *key = rows[i].key;

		check_text(key, sides_nearest_disk_key(nvme, qemu, key),
			   rows[i].disk);
		check_text(key,
			   sides_nearest_nic_key(e1000, qemu, NIC_USER, key),
			   rows[i].user);
		check_text(key,
			   sides_nearest_nic_key(e1000, qemu, NIC_BRIDGE, key),
			   rows[i].tap);
	}
	scene_done(&s);
}

static void test_find_model(void **state)
{
	const struct model_facts *model = NULL;
	struct scene s;

	(void)state;
	set_up(&s);
	scene_model(&s, "virtio-net", NULL, "");
	scene_model(&s, "teapot", NULL, "");
	check_ok("nvme", sides_find_model(&s.facts, "nvme", &model, &s.err),
		 &s.err);
	assert_string_equal(model->name, "nvme");
	check_error("near", sides_find_model(&s.facts, "e100", &model, &s.err),
		    &s.err, -EINVAL,
		    "/usr/bin/qemu has no device 'e100'; did you mean "
		    "'e1000'?");
	check_error("far", sides_find_model(&s.facts, "teapot", &model, &s.err),
		    &s.err, -EINVAL, "/usr/bin/qemu has no device 'teapot'");
	assert_string_equal(model->name, "nvme");
	s.facts.qemu.failure = xstrdup("it does not speak QMP");
	check_error("mute", sides_find_model(&s.facts, "nvme", &model, &s.err),
		    &s.err, -ENODEV,
		    "cannot tell what 'nvme' understands: it does not speak "
		    "QMP");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disk_key),
		cmocka_unit_test(test_nic_key),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_find_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
