/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/machine.h"

#include "scene.h"

static const struct {
	const char *arch;
	const char *bus;
	const char *first_arg; /* of the machine's own */
	bool needs_cpu, is_uefi_default;
	const char *blk_device, *debian;
} machines[] = {
	{ "x86_64", "pci", NULL, false, false, NULL, "qemu-system-x86" },
	{ "i386", "pci", NULL, false, false, NULL, "qemu-system-x86" },
	{ "s390x", "ccw", NULL, false, false, "virtio-blk-ccw",
	  "qemu-system-misc" },
	{ "ppc64", "pci", "-machine", false, false, NULL, "qemu-system-ppc" },
	{ "aarch64", "pci", "-machine", true, true, NULL, "qemu-system-arm" },
	{ "riscv64", "pci", NULL, false, false, NULL, "qemu-system-misc" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		const char *row = machines[i].arch;
		const char *bus = machines[i].bus;
		struct machine m = machine_of(row);
		cleanup_free char *scsi = xasprintf("virtio-scsi-%s", bus);
		cleanup_free char *rng = xasprintf("virtio-rng-%s", bus);
		cleanup_free char *net = xasprintf("virtio-net-%s", bus);

		check_text(row, m.arch, row);
		check_text(row, m.virtio_bus, bus);
		check_text(row, m.scsi_controller, scsi);
		check_text(row, m.rng_device, rng);
		check_text(row, m.nic_model, net);
		check_text(row, m.args ? m.args[0] : NULL,
			   machines[i].first_arg);
		check_number(row, m.needs_cpu, machines[i].needs_cpu);
		check_number(row, m.is_uefi_default,
			     machines[i].is_uefi_default);
		check_text(row, m.blk_device, machines[i].blk_device);
		check_text(row, m.debian, machines[i].debian);
		assert_true(m.fedora && m.arch_linux && m.suse);
	}
}

static const struct {
	const char *host, *arch, *program; /* arch and program may be NULL */
	const char *guest, *runs;
} programs[] = {
	{ "x86_64", NULL, NULL, "x86_64", "qemu-system-x86_64" },
	{ "i686", NULL, NULL, "i386", "qemu-system-i386" },
	{ "ppc64le", NULL, NULL, "ppc64", "qemu-system-ppc64" },
	{ "mips64", NULL, NULL, "mips64", "qemu-system-mips64" },
	{ "x86_64", "s390x", NULL, "s390x", "qemu-system-s390x" },
	{ "x86_64", NULL, "/opt/q", "x86_64", "/opt/q" },
	{ "s390x", "aarch64", "kvm", "aarch64", "kvm" },
};

static void test_program(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		const char *row = programs[i].runs;
		struct run_spec spec = RUN_SPEC_INIT;

		str_replace(&spec.arch, programs[i].arch);
		str_replace(&spec.program, programs[i].program);
		cleanup_free char *program =
			machine_program(&spec, programs[i].host);
		check_text(row, program, programs[i].runs);
		check_text(row, machine_guest_arch(&spec, programs[i].host),
			   programs[i].guest);
		run_spec_done(&spec);
	}
}

/* A disk's device, without and with DEF_DISK_DRIVER=nvme. */
static const struct {
	const char *arg;
	const char *plain, *with_default;
} drivers[] = {
	{ "d", "virtio-blk", "nvme" },
	{ "d,if=none", "virtio-blk", "nvme" },
	{ "d,if=virtio", "virtio-blk", "virtio-blk" },
	{ "d,if=scsi", "scsi-hd", "scsi-hd" },
	{ "d,if=ide", "ide-hd", "ide-hd" },
	{ "d,if=ide,media=cdrom", "ide-cd", "ide-cd" },
	{ "d,if=pflash", NULL, NULL },
	{ "d,driver=usb-storage", "usb-storage", "usb-storage" },
	{ "d,if=scsi,driver=scsi-cd", "scsi-cd", "scsi-cd" },
	{ "d,if=pflash,driver=nvme", "nvme", "nvme" },
};

static void test_disk_driver(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		const char *row = drivers[i].arg;
		struct scene scene;

		scene_init(&scene);
		scene_disk(&scene, row);
		check_text(row,
			   machine_disk_driver(&scene.spec,
					       &scene.spec.disks[0]),
			   drivers[i].plain);
		str_replace(&scene.spec.default_disk_driver, "nvme");
		check_text(row,
			   machine_disk_driver(&scene.spec,
					       &scene.spec.disks[0]),
			   drivers[i].with_default);
		scene_done(&scene);
	}
}

static void test_nic_model(void **state)
{
	const struct machine s390x = machine_of("s390x");
	const struct machine ppc64 = machine_of("ppc64");
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_nic(&scene, "user,model=e1000");
	scene_nic(&scene, "user");
	const struct nic_spec *given = &scene.spec.nics[0];
	const struct nic_spec *plain = &scene.spec.nics[1];
	assert_string_equal(machine_nic_model(&scene.spec, NULL, &s390x),
			    "virtio-net-ccw");
	assert_string_equal(machine_nic_model(&scene.spec, plain, &ppc64),
			    "virtio-net-pci");
	str_replace(&scene.spec.default_nic_model, "rtl8139");
	assert_string_equal(machine_nic_model(&scene.spec, plain, &ppc64),
			    "rtl8139");
	assert_string_equal(machine_nic_model(&scene.spec, NULL, &s390x),
			    "rtl8139");
	assert_string_equal(machine_nic_model(&scene.spec, given, &s390x),
			    "e1000");
	scene_done(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_disk_driver),
		cmocka_unit_test(test_nic_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
