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

static const char *const AARCH64_ARGS[] = { "-machine", "virt", NULL };
static const char *const PPC64_ARGS[] = { "-machine", "pseries,usb=off",
					  "-device", "spapr-vscsi", NULL };

static const struct machine MACHINES[] = {
	{ .arch = "i386",
	  PCI_DEVICES,
	  .console = "ttyS0",
	  .has_screen = true,
	  .debian = "qemu-system-x86",
	  .fedora = "qemu-system-x86-core",
	  .arch_linux = "qemu-system-x86",
	  .suse = "qemu-x86" },
	{ .arch = "x86_64",
	  PCI_DEVICES,
	  .console = "ttyS0",
	  .has_screen = true,
	  .debian = "qemu-system-x86",
	  .fedora = "qemu-system-x86-core",
	  .arch_linux = "qemu-system-x86",
	  .suse = "qemu-x86" },
	{ .arch = "s390x",
	  CCW_DEVICES,
	  .blk_device = "virtio-blk-ccw",
	  .blk_property = "scsi",
	  .console = "ttysclp0",
	  .debian = "qemu-system-misc",
	  .fedora = "qemu-system-s390x-core",
	  .arch_linux = "qemu-system-s390x",
	  .suse = "qemu-s390x" },
	{ .arch = "ppc64",
	  .args = PPC64_ARGS,
	  PCI_DEVICES,
	  .console = "hvc0",
	  .has_screen = true,
	  .debian = "qemu-system-ppc",
	  .fedora = "qemu-system-ppc-core",
	  .arch_linux = "qemu-system-ppc",
	  .suse = "qemu-ppc" },
	{ .arch = "aarch64",
	  .args = AARCH64_ARGS,
	  .needs_cpu = true,
	  .is_uefi_default = true,
	  PCI_DEVICES,
	  .console = "ttyAMA0",
	  .fast_cpu = "max-arm-cpu",
	  .fast_cpu_property = "pauth-impdef",
	  .debian = "qemu-system-arm",
	  .fedora = "qemu-system-aarch64-core",
	  .arch_linux = "qemu-system-aarch64",
	  .suse = "qemu-arm" },
	{ .arch = "arm",
	  PCI_DEVICES,
	  .console = "ttyAMA0",
	  .debian = "qemu-system-arm",
	  .fedora = "qemu-system-arm-core",
	  .arch_linux = "qemu-system-arm",
	  .suse = "qemu-arm" },
	{ .arch = "riscv64", PCI_DEVICES, .console = "ttyS0", OTHER_PACKAGES },
	{ .arch = "loongarch64",
	  PCI_DEVICES,
	  .console = "ttyS0",
	  OTHER_PACKAGES },
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

const char *machine_disk_driver(const struct run_spec *spec,
				const struct disk_spec *disk)
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
