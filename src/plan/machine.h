/* SPDX-License-Identifier: Apache-2.0 */
/* What each guest architecture gets: one row a piece. */
#ifndef XKVM_PLAN_MACHINE_H
#define XKVM_PLAN_MACHINE_H

#include <stdbool.h>

#include "plan/plan.h"

struct machine {
	const char *arch; /* QEMU's name, as in qemu-system-ARCH */

	/* For -machine, and a device that only this board has; NULL where
	 * QEMU's own choice is the right one. */
	const char *board, *board_device;
	/* For -cpu under each accelerator; NULL where QEMU's own choice is. */
	const char *kvm_cpu, *tcg_cpu;
	bool is_uefi_default;
	/* --bios is QEMU's -bios: the board has no flash, or not with each
	 * QEMU. */
	bool takes_bios;

	const char *console; /* the kernel's name for it; NULL: not known */
	bool has_screen; /* unless told otherwise */
	bool has_smbios; /* tables in which strings can be put */
	bool has_ide; /* on its usual boards */

	const char *virtio_bus; /* of this machine's virtio devices */
	const char *scsi_controller;
	const char *rng_device;
	const char *nic_model;
	const char *tpm_device; /* NULL: has no TPM */
	/* Added to this block device where it has the property; or NULL. */
	const char *blk_device, *blk_property;

	/* Packages with the program, one name per family of distributions. */
	const char *debian, *fedora, *arch_linux, *suse;
};

/* The row of `arch` (QEMU's name); one with PCI devices and nothing more, whose
 * `arch` is `arch` itself, for an architecture without one. */
struct machine machine_of(const char *arch);

/* Adds -machine, -cpu, -smp and -m: what the user said, else what the
 * architecture has, and nothing that QEMU's own arguments say. */
void machine_add(struct plan *plan, const struct run_spec *spec,
		 const struct machine *machine, enum accel accel);

/* The guest's architecture for this spec on this host (uname -m). */
const char *machine_guest_arch(const struct run_spec *spec,
			       const char *host_machine);

/* The program that runs it, as it is to be looked up in PATH: --kvm, or
 * qemu-system-ARCH. Owned by the caller. */
char *machine_program(const struct run_spec *spec, const char *host_machine);

/* The device that a disk or NIC gets: the user's word or the default. Belongs
 * to the spec or is static. NULL for a disk that is no device (pflash). */
const char *machine_disk_driver(const struct run_spec *spec,
				const struct disk_spec *disk,
				const struct machine *machine);
const char *machine_nic_model(const struct run_spec *spec,
			      const struct nic_spec *nic,
			      const struct machine *machine);

#endif
