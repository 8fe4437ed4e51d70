/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/machine.h"

#include "spec/arch.h"

#define PCI_DEVICES                                                \
	.virtio_bus = "pci", .scsi_controller = "virtio-scsi-pci", \
	.rng_device = "virtio-rng-pci", .nic_model = "virtio-net-pci"
#define CCW_DEVICES                                                \
	.virtio_bus = "ccw", .scsi_controller = "virtio-scsi-ccw", \
	.rng_device = "virtio-rng-ccw", .nic_model = "virtio-net-ccw"
#define OTHER_PACKAGES                                  \
	.debian = "qemu-system-misc", .fedora = "qemu", \
	.arch_linux = "qemu-full", .suse = "qemu-extra"

/*
 * Current distributions need more than the CPU of 2003 that is QEMU's default,
 * and less than all that TCG can emulate, which costs time (docs/design.md):
 * here is what x86-64-v2 asks for.
 */
#define X86_64_V2 "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt"

/* -cpu max has all that TCG can emulate. */
static const struct machine MACHINES[] = {
	{ .arch = "i386",
	  .tcg_cpu = "max",
	  .has_ide = true,
	  PCI_DEVICES,
	  .has_smbios = true,
	  .console = "ttyS0",
	  .has_screen = true,
	  .tpm_device = "tpm-crb",
	  .debian = "qemu-system-x86",
	  .fedora = "qemu-system-x86-core",
	  .arch_linux = "qemu-system-x86",
	  .suse = "qemu-x86" },
	{ .arch = "x86_64",
	  .tcg_cpu = X86_64_V2,
	  .has_ide = true,
	  PCI_DEVICES,
	  .has_smbios = true,
	  .console = "ttyS0",
	  .has_screen = true,
	  .tpm_device = "tpm-crb",
	  .debian = "qemu-system-x86",
	  .fedora = "qemu-system-x86-core",
	  .arch_linux = "qemu-system-x86",
	  .suse = "qemu-x86" },
	{ .arch = "s390x",
	  .tcg_cpu = "max",
	  CCW_DEVICES,
	  .blk_device = "virtio-blk-ccw",
	  .blk_property = "scsi",
	  .takes_bios = true,
	  .console = "ttysclp0",
	  .debian = "qemu-system-misc",
	  .fedora = "qemu-system-s390x-core",
	  .arch_linux = "qemu-system-s390x",
	  .suse = "qemu-s390x" },
	{ .arch = "ppc64",
	  .board = "pseries,usb=off",
	  .board_device = "spapr-vscsi",
	  .takes_bios = true,
	  PCI_DEVICES,
	  .console = "hvc0",
	  .has_screen = true,
	  .tpm_device = "tpm-spapr",
	  .debian = "qemu-system-ppc",
	  .fedora = "qemu-system-ppc-core",
	  .arch_linux = "qemu-system-ppc",
	  .suse = "qemu-ppc" },
	{ .arch = "aarch64",
	  .board = "virt",
	  .kvm_cpu = "host",
	  .tcg_cpu = "max,pauth-impdef=on",
	  .is_uefi_default = true,
	  PCI_DEVICES,
	  .has_smbios = true,
	  .console = "ttyAMA0",
	  .tpm_device = "tpm-tis-device",
	  .debian = "qemu-system-arm",
	  .fedora = "qemu-system-aarch64-core",
	  .arch_linux = "qemu-system-aarch64",
	  .suse = "qemu-arm" },
	{ .arch = "arm",
	  .board = "virt,highmem=off",
	  .kvm_cpu = "host",
	  .tcg_cpu = "max",
	  PCI_DEVICES,
	  .has_smbios = true,
	  .console = "ttyAMA0",
	  .tpm_device = "tpm-tis-device",
	  .debian = "qemu-system-arm",
	  .fedora = "qemu-system-arm-core",
	  .arch_linux = "qemu-system-arm",
	  .suse = "qemu-arm" },
	{ .arch = "riscv64",
	  .board = "virt",
	  PCI_DEVICES,
	  .console = "ttyS0",
	  .tpm_device = "tpm-tis-device",
	  .debian = "qemu-system-misc",
	  .fedora = "qemu-system-riscv-core",
	  .arch_linux = "qemu-system-riscv",
	  .suse = "qemu-extra" },
	{ .arch = "loongarch64",
	  .board = "virt",
	  .takes_bios = true,
	  PCI_DEVICES,
	  .has_smbios = true,
	  .console = "ttyS0",
	  .tpm_device = "tpm-tis-device",
	  .debian = "qemu-system-misc",
	  .fedora = "qemu-system-loongarch64-core",
	  .arch_linux = "qemu-system-loongarch64",
	  .suse = "qemu-extra" },
};

struct machine machine_of(const char *arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(MACHINES); i++)
		if (str_eq(MACHINES[i].arch, arch))
			return MACHINES[i];
	return (struct machine){ .arch = arch, PCI_DEVICES, OTHER_PACKAGES };
}

const char *machine_guest_arch(const struct run_spec *spec,
			       const char *host_machine)
{
	return spec->arch ? spec->arch : arch_qemu_name(host_machine);
}

char *machine_program(const struct run_spec *spec, const char *host_machine)
{
	if (spec->program)
		return xstrdup(spec->program);
	return xasprintf("qemu-system-%s",
			 machine_guest_arch(spec, host_machine));
}

/* The machine of a --fast guest may be a microvm, too, which has no IDE. */
static bool may_be_microvm(const struct run_spec *spec)
{
	const char *type = spec->passthrough.machine_type;

	if (!type)
		type = spec->machine_type;
	return spec->kernel.is_fast || (type && str_eq(type, "microvm"));
}

/* Where there is an IDE bus every installer has a driver for it. */
static const char *cdrom_driver(const struct run_spec *spec,
				const struct machine *machine)
{
	return machine->has_ide && !may_be_microvm(spec) ? "ide-cd" : "scsi-cd";
}

const char *machine_disk_driver(const struct run_spec *spec,
				const struct disk_spec *disk,
				const struct machine *machine)
{
	if (disk->driver)
		return disk->driver;
	switch (disk->interface) {
	case DISK_IF_VIRTIO:
		return "virtio-blk";
	case DISK_IF_SCSI:
		return "scsi-hd";
	case DISK_IF_IDE:
		return disk->is_cdrom ? "ide-cd" : "ide-hd";
	case DISK_IF_PFLASH:
		return NULL;
	case DISK_IF_CDROM:
		return cdrom_driver(spec, machine);
	case DISK_IF_DEFAULT:
		break;
	}
	return spec->default_disk_driver ? spec->default_disk_driver
					 : "virtio-blk";
}

const char *machine_nic_model(const struct run_spec *spec,
			      const struct nic_spec *nic,
			      const struct machine *machine)
{
	if (nic && nic->model)
		return nic->model;
	return spec->default_nic_model ? spec->default_nic_model
				       : machine->nic_model;
}

/* The length of what a board's options begin with, its type. */
static size_t type_length(const char *board)
{
	return strcspn(board, ",");
}

/* Whether `type` is that of `board`, or a version of it such as
 * pseries-7.2. */
static bool is_type_of(const char *type, const char *board)
{
	size_t len = type_length(board);

	return strncmp(type, board, len) == 0 &&
	       (type[len] == '\0' || type[len] == '-');
}

/* Whether the guest has the architecture's own board, whatever else is said
 * of it. */
static bool has_own_board(const struct run_spec *spec,
			  const struct machine *machine)
{
	const char *type = spec->passthrough.machine_type;

	if (!type)
		type = spec->machine_type;
	return machine->board && (!type || is_type_of(type, machine->board));
}

/* QEMU merges all its -machine options. So one of ours does not harm beside one
 * that says no type, or the same. */
static void add_board(struct plan *plan, const struct run_spec *spec,
		      const struct machine *machine)
{
	bool is_own = has_own_board(spec, machine);
	bool is_spoken_for = spec->passthrough.machine_type;

	if (spec->machine && spec->machine_type && !is_spoken_for)
		plan_add_arg(plan, "-machine", xstrdup(spec->machine));
	else if (is_own)
		plan_add_arg(plan, "-machine", xstrdup(machine->board));
	if (spec->machine && !spec->machine_type)
		plan_add_arg(plan, "-machine", xstrdup(spec->machine));
	if (is_own && machine->board_device)
		plan_add_arg(plan, "-device", xstrdup(machine->board_device));
}

static const char *default_cpu(const struct machine *machine, enum accel accel)
{
	switch (accel) {
	case ACCEL_KVM:
		return machine->kvm_cpu;
	case ACCEL_TCG:
		return machine->tcg_cpu;
	case ACCEL_AUTO:
		break;
	}
	/* The user's own; where KVM has to be told a CPU, max is one that all
	 * accelerators have. */
	return machine->kvm_cpu ? "max" : NULL;
}

void machine_add(struct plan *plan, const struct run_spec *spec,
		 const struct machine *machine, enum accel accel)
{
	const struct passthrough *pt = &spec->passthrough;
	const char *cpu = spec->cpu ? spec->cpu : default_cpu(machine, accel);

	add_board(plan, spec, machine);
	if (cpu && !pt->names_cpu)
		plan_add_arg(plan, "-cpu", xstrdup(cpu));
	if (spec->smp && !pt->names_smp)
		plan_add_arg(plan, "-smp", xstrdup(spec->smp));
	if (spec->memory && !pt->names_memory)
		plan_add_arg(plan, "-m", xstrdup(spec->memory));
}
