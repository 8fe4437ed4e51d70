/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_fit.h"

#include <errno.h>
#include <fnmatch.h>

#include "spec/arch.h"

#define MIB (UINT64_C(1) << 20)

/* hw/i386/pc_sysfw.c of QEMU: the flash lies below 4 GiB, in units of 4 KiB,
 * and takes no more than this. */
#define PC_FLASH_UNIT 4096
#define PC_FLASH_MAX (8 * MIB)

/* Stands for the version of a machine type that was named without one. */
#define SOME_VERSION "0.0"

bool firmware_machine_is_given(const struct run_spec *spec)
{
	return spec->passthrough.machine_type || spec->machine_type;
}

char *firmware_machine_type(const struct run_spec *spec,
			    const struct machine *machine)
{
	const char *type = spec->passthrough.machine_type;

	if (!type)
		type = spec->machine_type;
	if (!type)
		type = machine->board;
	/* QEMU's own choice, which no row has to say. */
	if (!type && arch_is_pc(machine->arch))
		type = "pc";
	return type ? xstrndup(type, strcspn(type, ",")) : NULL;
}

bool firmware_machine_matches(const char *pattern, const char *type)
{
	const char *concrete = str_eq(type, "pc")    ? "pc-i440fx"
			       : str_eq(type, "q35") ? "pc-q35"
						     : type;
	cleanup_free char *versioned = xasprintf("%s-" SOME_VERSION, concrete);

	return fnmatch(pattern, type, 0) == 0 ||
	       fnmatch(pattern, versioned, 0) == 0;
}

uint64_t firmware_flash_size(const char *arch, const char *type)
{
	static const struct {
		const char *arch;
		uint64_t size;
	} virt[] = {
		{ "aarch64", 64 * MIB },
		{ "arm", 64 * MIB },
		{ "riscv64", 32 * MIB },
	};

	if (!type || !(str_eq(type, "virt") || str_starts(type, "virt-")))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(virt); i++)
		if (str_eq(virt[i].arch, arch))
			return virt[i].size;
	return 0;
}

uint64_t firmware_file_size(const struct file_facts *file, const char *format)
{
	return str_eq(format, "qcow2") ? file->virtual_size : file->size;
}

int firmware_check_bios(const struct file_facts *file, const char *arch,
			const char *type, struct err *err)
{
	uint64_t flash = firmware_flash_size(arch, type);
	unsigned long long size = file->size;

	if (size == 0)
		return err_set(err, -EINVAL, "--bios '%s' is empty",
			       file->path);
	if (flash && size > flash)
		return err_set(err, -EINVAL,
			       "--bios '%s' has %llu bytes; the flash of the "
			       "machine %s has %llu",
			       file->path, size, type,
			       (unsigned long long)flash);
	if (arch_is_pc(arch) &&
	    (size % PC_FLASH_UNIT != 0 || size > PC_FLASH_MAX))
		return err_set(err, -EINVAL,
			       "--bios '%s' has %llu bytes; the flash of a PC "
			       "is a multiple of %d, and %llu at most",
			       file->path, size, PC_FLASH_UNIT,
			       (unsigned long long)PC_FLASH_MAX);
	return 0;
}
