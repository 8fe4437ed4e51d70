/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/machine.h"

#include "scene.h"

#define X86_64_V2 "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt"

static const struct {
	const char *arch;
	const char *bus;
	const char *board, *kvm_cpu, *tcg_cpu;
	bool is_uefi_default;
	const char *blk_device, *debian;
} machines[] = {
	{ "x86_64", "pci", NULL, NULL, X86_64_V2, false, NULL,
	  "qemu-system-x86" },
	{ "i386", "pci", NULL, NULL, "max", false, NULL, "qemu-system-x86" },
	{ "s390x", "ccw", NULL, NULL, "max", false, "virtio-blk-ccw",
	  "qemu-system-misc" },
	{ "ppc64", "pci", "pseries,usb=off", NULL, NULL, false, NULL,
	  "qemu-system-ppc" },
	{ "aarch64", "pci", "virt", "host", "max,pauth-impdef=on", true, NULL,
	  "qemu-system-arm" },
	{ "arm", "pci", "virt,highmem=off", "host", "max", false, NULL,
	  "qemu-system-arm" },
	{ "riscv64", "pci", "virt", NULL, NULL, false, NULL,
	  "qemu-system-misc" },
	{ "loongarch64", "pci", "virt", NULL, NULL, false, NULL,
	  "qemu-system-misc" },
	{ "sparc64", "pci", NULL, NULL, NULL, false, NULL, "qemu-system-misc" },
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
		check_text(row, m.board, machines[i].board);
		check_text(row, m.kvm_cpu, machines[i].kvm_cpu);
		check_text(row, m.tcg_cpu, machines[i].tcg_cpu);
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
	const struct machine x86 = machine_of("x86_64");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		const char *row = drivers[i].arg;
		struct scene scene;

		scene_init(&scene);
		scene_disk(&scene, row);
		check_text(row,
			   machine_disk_driver(&scene.spec,
					       &scene.spec.disks[0], &x86),
			   drivers[i].plain);
		str_replace(&scene.spec.default_disk_driver, "nvme");
		check_text(row,
			   machine_disk_driver(&scene.spec,
					       &scene.spec.disks[0], &x86),
			   drivers[i].with_default);
		scene_done(&scene);
	}
}

/* --cdrom: on IDE where the machine has that, else on xkvm's SCSI controller.
 */
static const struct {
	const char *arch;
	const char *machine; /* --machine, or NULL */
	const char *qemu_machine; /* after --, or NULL */
	bool is_fast;
	const char *driver;
} cdroms[] = {
	{ "x86_64", NULL, NULL, false, "ide-cd" },
	{ "i386", NULL, NULL, false, "ide-cd" },
	{ "x86_64", "q35,smm=on", NULL, false, "ide-cd" },
	{ "x86_64", "microvm,pcie=on", NULL, false, "scsi-cd" },
	{ "x86_64", "q35", "microvm", false, "scsi-cd" },
	{ "x86_64", NULL, NULL, true, "scsi-cd" },
	{ "aarch64", NULL, NULL, false, "scsi-cd" },
	{ "s390x", NULL, NULL, false, "scsi-cd" },
	{ "ppc64", NULL, NULL, false, "scsi-cd" },
	{ "sparc64", NULL, NULL, false, "scsi-cd" },
};

static void test_cdrom_driver(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cdroms); i++) {
		const struct machine machine = machine_of(cdroms[i].arch);
		struct scene s;

		scene_init(&s);
		run_spec_add_cdrom(&s.spec, "cd.iso");
		if (cdroms[i].machine)
			check_ok("--machine",
				 run_spec_set_machine(
					 &s.spec, cdroms[i].machine, &s.err),
				 &s.err);
		if (cdroms[i].qemu_machine) {
			scene_qemu_arg(&s, "-machine");
			scene_qemu_arg(&s, cdroms[i].qemu_machine);
		}
		s.spec.kernel.is_fast = cdroms[i].is_fast;
		s.spec.kernel.file = xstrdup("k");
		scene_finish(&s);
		/* No default changes it. */
		str_replace(&s.spec.default_disk_driver, "nvme");
		check_text(cdroms[i].arch,
			   machine_disk_driver(&s.spec, &s.spec.disks[0],
					       &machine),
			   cdroms[i].driver);
		scene_done(&s);
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

/* What is added for a board, a CPU and so on, by the options before and the
 * arguments behind "--". */
static const struct {
	const char *arch;
	enum accel accel;
	const char *machine, *cpu, *smp, *memory;
	const char *qemu_args[2];
	const char *want;
} boards[] = {
	{ .arch = "x86_64", .accel = ACCEL_TCG, .want = "-cpu " X86_64_V2 },
	{ .arch = "x86_64", .accel = ACCEL_KVM, .want = "" },
	{ .arch = "x86_64", .accel = ACCEL_AUTO, .want = "" },
	{ .arch = "aarch64",
	  .accel = ACCEL_KVM,
	  .want = "-machine virt -cpu host" },
	{ .arch = "aarch64",
	  .accel = ACCEL_AUTO,
	  .want = "-machine virt -cpu max" },
	{ .arch = "aarch64",
	  .accel = ACCEL_TCG,
	  .want = "-machine virt -cpu max,pauth-impdef=on" },
	{ .arch = "ppc64",
	  .accel = ACCEL_TCG,
	  .want = "-machine pseries,usb=off -device spapr-vscsi" },
	{ .arch = "sparc64", .accel = ACCEL_TCG, .want = "" },

	/* A machine of one's own: with a type, whole. */
	{ .arch = "x86_64",
	  .accel = ACCEL_KVM,
	  .machine = "q35,smm=on",
	  .want = "-machine q35,smm=on" },
	{ .arch = "ppc64",
	  .accel = ACCEL_TCG,
	  .machine = "powernv",
	  .want = "-machine powernv" },
	{ .arch = "ppc64",
	  .accel = ACCEL_TCG,
	  .machine = "type=pseries-7.2",
	  .want = "-machine type=pseries-7.2 -device spapr-vscsi" },
	{ .arch = "ppc64",
	  .accel = ACCEL_TCG,
	  .machine = "pseriesx",
	  .want = "-machine pseriesx" },
	/* Without one, more words for the default. */
	{ .arch = "riscv64",
	  .accel = ACCEL_TCG,
	  .machine = "aclint=on",
	  .want = "-machine virt -machine aclint=on" },
	{ .arch = "x86_64",
	  .accel = ACCEL_KVM,
	  .machine = "smm=on",
	  .want = "-machine smm=on" },

	/* QEMU's own arguments go first. */
	{ .arch = "arm",
	  .accel = ACCEL_TCG,
	  .qemu_args = { "-machine", "raspi2b" },
	  .want = "-cpu max" },
	{ .arch = "arm",
	  .accel = ACCEL_TCG,
	  .qemu_args = { "-M", "virt-7.2" },
	  .want = "-machine virt,highmem=off -cpu max" },
	{ .arch = "arm",
	  .accel = ACCEL_TCG,
	  .qemu_args = { "-machine", "gic-version=3" },
	  .want = "-machine virt,highmem=off -cpu max" },
	{ .arch = "ppc64",
	  .accel = ACCEL_TCG,
	  .qemu_args = { "-M", "powernv" },
	  .want = "" },
	{ .arch = "ppc64",
	  .accel = ACCEL_TCG,
	  .qemu_args = { "-M", "pseries,accel=tcg" },
	  .want = "-machine pseries,usb=off -device spapr-vscsi" },
	{ .arch = "x86_64",
	  .accel = ACCEL_KVM,
	  .machine = "q35",
	  .qemu_args = { "-machine", "pc" },
	  .want = "" },
	{ .arch = "x86_64",
	  .accel = ACCEL_KVM,
	  .machine = "q35",
	  .qemu_args = { "-machine", "usb=off" },
	  .want = "-machine q35" },
	{ .arch = "x86_64",
	  .accel = ACCEL_KVM,
	  .machine = "smm=on",
	  .qemu_args = { "-machine", "q35" },
	  .want = "-machine smm=on" },

	{ .arch = "x86_64",
	  .accel = ACCEL_TCG,
	  .cpu = "Nehalem,+aes",
	  .smp = "4",
	  .memory = "2G",
	  .want = "-cpu Nehalem,+aes -smp 4 -m 2G" },
	{ .arch = "x86_64",
	  .accel = ACCEL_TCG,
	  .cpu = "Nehalem",
	  .smp = "4",
	  .memory = "2G",
	  .qemu_args = { "-cpu", "qemu64" },
	  .want = "-smp 4 -m 2G" },
	{ .arch = "x86_64",
	  .accel = ACCEL_TCG,
	  .cpu = "Nehalem",
	  .smp = "4",
	  .memory = "2G",
	  .qemu_args = { "-smp", "2" },
	  .want = "-cpu Nehalem -m 2G" },
	{ .arch = "x86_64",
	  .accel = ACCEL_TCG,
	  .cpu = "Nehalem",
	  .smp = "4",
	  .memory = "2G",
	  .qemu_args = { "-m", "1G" },
	  .want = "-cpu Nehalem -smp 4" },
};

static void test_add(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(boards); i++) {
		cleanup_free char *row =
			xasprintf("row %zu, %s", i, boards[i].arch);
		struct machine m = machine_of(boards[i].arch);
		enum accel accel = boards[i].accel;
		struct scene scene;

		scene_init(&scene);
		if (boards[i].machine)
			check_ok(row,
				 run_spec_set_machine(&scene.spec,
						      boards[i].machine,
						      &scene.err),
				 &scene.err);
		str_replace(&scene.spec.cpu, boards[i].cpu);
		str_replace(&scene.spec.smp, boards[i].smp);
		str_replace(&scene.spec.memory, boards[i].memory);
		for (size_t j = 0; j < 2 && boards[i].qemu_args[j]; j++)
			scene_qemu_arg(&scene, boards[i].qemu_args[j]);
		scene_finish(&scene);
		machine_add(&scene.plan, &scene.spec, &m, accel);
		cleanup_free char *command = scene_command(&scene);
		check_text(row, command, boards[i].want);
		scene_done(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_disk_driver),
		cmocka_unit_test(test_cdrom_driver),
		cmocka_unit_test(test_nic_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
