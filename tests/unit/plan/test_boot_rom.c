/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/boot_rom.h"

#include "scene.h"

/* A command line with one NIC, and whether the ROM of that is idle. */
static const struct {
	const char *nic;
	const char *disk; /* or NULL, likewise the next two */
	const char *kernel;
	const char *qemu_args[2];
	bool is_idle;
} rows[] = {
	{ "user", NULL, NULL, { NULL }, false },
	{ "user", "d.img", NULL, { NULL }, true },
	{ "user", "d.iso,media=cdrom", NULL, { NULL }, true },
	{ "user", "f.fd,if=pflash", NULL, { NULL }, false },
	{ "user", NULL, "k", { NULL }, true },
	{ "user", NULL, NULL, { "-kernel", "k" }, true },
	{ "user", NULL, NULL, { "-cdrom", "c" }, true },
	{ "user", "d.img", NULL, { "-boot", "n" }, false },
	{ "user", "d.img", NULL, { "-boot", "menu=on" }, false },
	{ "user", "d.img", NULL, { "-boot", "d" }, true },
	{ "user", "d.img", "k", { "-option-rom", "r" }, false },
	{ "user", "d.img", NULL, { "-loadvm", "one" }, false },
	{ "user,bootindex=1", "d.img", NULL, { NULL }, false },
	{ "user,romfile=my.rom", "d.img", NULL, { NULL }, false },
	{ "user,rombar=0", "d.img", NULL, { NULL }, false },
	{ "user,romsize=65536", "d.img", NULL, { NULL }, false },
};

static void test_rows(void **state)
{
	const struct machine machine = machine_of("x86_64");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		struct scene s;

		scene_init(&s);
		scene_nic(&s, rows[i].nic);
		if (rows[i].disk)
			scene_disk(&s, rows[i].disk);
		str_replace(&s.spec.kernel.file, rows[i].kernel);
		for (size_t j = 0; j < 2 && rows[i].qemu_args[j]; j++)
			scene_qemu_arg(&s, rows[i].qemu_args[j]);
		scene_finish(&s);
		check_number(row,
			     boot_rom_is_idle(&s.spec, &s.spec.nics[0],
					      &machine, "virtio-net-pci", NULL),
			     rows[i].is_idle);
		scene_done(&s);
	}
}

/* The bootindex of one NIC is a word about all. */
static void test_other_nic(void **state)
{
	const struct machine machine = machine_of("x86_64");
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_disk(&s, "d.img");
	scene_nic(&s, "user");
	scene_nic(&s, "user,bootindex=1");
	assert_false(boot_rom_is_idle(&s.spec, &s.spec.nics[0], &machine,
				      "virtio-net-pci", NULL));
	scene_done(&s);
}

static const struct {
	const char *arch, *model;
	const char *properties; /* NULL: QEMU was not asked */
	bool has_rom;
} models[] = {
	{ "x86_64", "virtio-net-pci", NULL, true },
	{ "x86_64", "virtio-net", NULL, true },
	{ "x86_64", "e1000", NULL, true },
	{ "x86_64", "usb-net", NULL, false },
	{ "s390x", "virtio-net", NULL, false },
	{ "s390x", "virtio-net-ccw", NULL, false },
	{ "x86_64", "igb", "netdev mac romfile", true },
	{ "x86_64", "virtio-net-pci", "netdev mac", false },
};

static void test_models(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(models); i++) {
		const struct machine machine = machine_of(models[i].arch);
		const struct model_facts *facts = NULL;
		struct scene s;

		scene_init(&s);
		scene_disk(&s, "d.img");
		scene_nic(&s, "user");
		if (models[i].properties) {
			scene_model(&s, models[i].model, models[i].model,
				    models[i].properties);
			facts = &s.facts.qemu.models[0];
		}
		check_number(models[i].model,
			     boot_rom_is_idle(&s.spec, &s.spec.nics[0],
					      &machine, models[i].model, facts),
			     models[i].has_rom);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_other_nic),
		cmocka_unit_test(test_models),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
