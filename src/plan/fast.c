/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/fast.h"

#include "spec/arch.h"

/* PCIe, so that the disks and NICs are those of every other machine. */
#define MICROVM "microvm,pcie=on"

bool fast_asks_kernel(const struct run_spec *spec,
		      const struct machine *machine)
{
	return spec->kernel.is_fast && spec->kernel.file &&
	       (arch_is_pc(machine->arch) || machine->is_uefi_default);
}

/*
 * Linux on a microvm has no timer to measure the frequency of the CPU's clock
 * against. It must be told, or it waits for ever: KVM's own clock does that,
 * and so does this word.
 */
static bool tells_frequency(const struct run_spec *spec)
{
	return spec->kernel.append &&
	       strstr(spec->kernel.append, "tsc_early_khz=");
}

static bool names_machine(const struct run_spec *spec)
{
	return spec->machine || spec->passthrough.names_machine;
}

bool fast_asks_machines(const struct run_spec *spec,
			const struct machine *machine)
{
	bool may_be_kvm = spec->accel != ACCEL_TCG &&
			  !spec->passthrough.names_accel;

	return fast_asks_kernel(spec, machine) && arch_is_pc(machine->arch) &&
	       !names_machine(spec) && (may_be_kvm || tells_frequency(spec));
}

/* What speaks against --fast altogether, or NULL. */
static const char *obstacle(const struct run_spec *spec,
			    const struct facts *facts,
			    const struct machine *machine)
{
	if (!spec->kernel.file)
		return "there is no --kernel";
	if (spec->bios)
		return "--bios starts that firmware first";
	if (spec->is_uefi)
		return "UEFI is asked for and starts first";
	if (machine->is_uefi_default && facts->kernel == KERNEL_PACKED_FOR_UEFI)
		return "its kernel is packed so that it starts by UEFI alone";
	if (spec->passthrough.names_screen)
		return "an argument after '--' asks for a screen";
	return NULL;
}

/* A microvm has no IDE bus. */
static bool has_ide(const struct run_spec *spec, const struct machine *machine)
{
	for (size_t i = 0; i < spec->disk_count; i++) {
		const char *driver =
			machine_disk_driver(spec, &spec->disks[i], machine);

		if (!driver || str_starts(driver, "ide-"))
			return true;
	}
	return spec->passthrough.mentions_ide;
}

/* The guest of a microvm is not told of a TPM, and has no SMBIOS. */
static bool can_be_microvm(const struct run_spec *spec,
			   const struct machine *machine,
			   const struct facts *facts, enum accel accel)
{
	return strv_has(&facts->qemu.machines, "microvm") &&
	       !names_machine(spec) && spec->tpm == TPM_OFF &&
	       !smbios_spec_option(&spec->smbios) &&
	       spec->cloud_init.via != SEED_VIA_SMBIOS &&
	       (accel == ACCEL_KVM || tells_frequency(spec)) &&
	       !has_ide(spec, machine);
}

static bool starts_with(const char *text, const char *prefix)
{
	return text && str_starts(text, prefix);
}

static bool needs_scsi(const struct run_spec *spec,
		       const struct machine *machine)
{
	for (size_t i = 0; i < spec->disk_count; i++)
		if (starts_with(machine_disk_driver(spec, &spec->disks[i],
						    machine),
				"scsi-"))
			return true;
	return spec->passthrough.mentions_scsi;
}

/* With a cache the kernel is unpacked once. Without one it is unpacked each
 * time; that is still quicker than to have the guest do it by TCG. */
static bool unpacks_kernel(struct plan *plan, const struct run_spec *spec,
			   const struct facts *facts, enum accel accel)
{
	switch (facts->kernel) {
	case KERNEL_PLAIN:
		return false;
	case KERNEL_PACKED_FOR_UEFI:
	case KERNEL_PACKED_UNKNOWN:
		plan_note(plan, NOTE_INFO,
			  "--fast: '%s' is packed in a way that xkvm does not "
			  "know; the guest unpacks it",
			  spec->kernel.file);
		return false;
	case KERNEL_PACKED:
		break;
	}
	return spec->cache_home || accel != ACCEL_KVM;
}

static void choose_x86(struct plan *plan, const struct run_spec *spec,
		       const struct facts *facts, enum accel accel,
		       struct machine *machine, struct fast *fast)
{
	if (can_be_microvm(spec, machine, facts, accel)) {
		machine->board = MICROVM;
		machine->has_screen = false;
	} else if (names_machine(spec)) {
		plan_note(plan, NOTE_INFO,
			  "--fast: the machine stays the one that is named");
	}
	fast->unpacks_kernel = unpacks_kernel(plan, spec, facts, accel);
	/* A guest that knows it is on KVM does the same by itself. */
	if (accel != ACCEL_KVM)
		fast->kernel_words = "no_timer_check";
}

void fast_choose(struct plan *plan, const struct run_spec *spec,
		 const struct facts *facts, enum accel accel,
		 struct machine *machine, struct fast *ret)
{
	const char *reason =
		spec->kernel.is_fast ? obstacle(spec, facts, machine) : NULL;

	*ret = (struct fast){ .has_scsi = true };
	if (reason)
		plan_note(plan, NOTE_INFO,
			  "--fast: %s; the guest starts as without it", reason);
	if (!spec->kernel.is_fast || reason)
		return;
	ret->is_on = true;
	ret->has_scsi = needs_scsi(spec, machine);
	machine->is_uefi_default = false;
	if (arch_is_pc(machine->arch))
		choose_x86(plan, spec, facts, accel, machine, ret);
}

void fast_add_output(struct plan *plan, const struct run_spec *spec,
		     const struct machine *machine, const struct fast *fast)
{
	if (!fast->is_on)
		return;
	if (machine->has_screen)
		plan_add_arg(plan, "-vga", xstrdup("none"));
	if (!spec->passthrough.names_output)
		plan_add_arg(plan, "-nographic", NULL);
}
