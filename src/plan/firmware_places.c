/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_places.h"

/*
 * Code and the template of its variables belong together: they must agree on
 * the size of the flash. Where `vars` is NULL, `code` is one file for both.
 */
struct place {
	const char *arch;
	const char *code;
	const char *vars;
	bool is_secure; /* has Secure Boot; on x86 that takes SMM, and q35 */
	bool is_enrolled; /* and its variables have it turned on */
};

#define SHARE "/usr/share/"
#define EDK2 SHARE "edk2/"

#define SECURE .is_secure = true
#define ENROLLED .is_secure = true, .is_enrolled = true

/* For each architecture the plain ones first. */
static const struct place PLACES[] = {
	/* Debian, Ubuntu */
	{ "x86_64", SHARE "OVMF/OVMF_CODE_4M.fd",
	  SHARE "OVMF/OVMF_VARS_4M.fd" },
	{ "x86_64", SHARE "OVMF/OVMF_CODE.fd", SHARE "OVMF/OVMF_VARS.fd" },
	{ "x86_64", SHARE "OVMF/OVMF_CODE_4M.ms.fd",
	  SHARE "OVMF/OVMF_VARS_4M.ms.fd", ENROLLED },
	{ "x86_64", SHARE "OVMF/OVMF_CODE.ms.fd", SHARE "OVMF/OVMF_VARS.ms.fd",
	  ENROLLED },
	{ "x86_64", SHARE "OVMF/OVMF_CODE_4M.secboot.fd",
	  SHARE "OVMF/OVMF_VARS_4M.fd", SECURE },
	{ "i386", SHARE "OVMF/OVMF32_CODE_4M.secboot.fd",
	  SHARE "OVMF/OVMF32_VARS_4M.fd", SECURE },
	{ "aarch64", SHARE "AAVMF/AAVMF_CODE.no-secboot.fd",
	  SHARE "AAVMF/AAVMF_VARS.fd" },
	{ "aarch64", SHARE "AAVMF/AAVMF_CODE.fd", SHARE "AAVMF/AAVMF_VARS.fd" },
	{ "aarch64", SHARE "AAVMF/AAVMF_CODE.ms.fd",
	  SHARE "AAVMF/AAVMF_VARS.ms.fd", ENROLLED },
	{ "arm", SHARE "AAVMF/AAVMF32_CODE.fd", SHARE "AAVMF/AAVMF32_VARS.fd" },
	{ "riscv64", SHARE "qemu-efi-riscv64/RISCV_VIRT_CODE.fd",
	  SHARE "qemu-efi-riscv64/RISCV_VIRT_VARS.fd" },
	{ "loongarch64", SHARE "qemu-efi-loongarch64/QEMU_CODE.fd",
	  SHARE "qemu-efi-loongarch64/QEMU_VARS.fd" },
	/* Fedora */
	{ "x86_64", EDK2 "ovmf/OVMF_CODE.fd", EDK2 "ovmf/OVMF_VARS.fd" },
	{ "x86_64", EDK2 "ovmf/OVMF_CODE.secboot.fd",
	  EDK2 "ovmf/OVMF_VARS.secboot.fd", ENROLLED },
	{ "i386", EDK2 "ovmf-ia32/OVMF_CODE.fd",
	  EDK2 "ovmf-ia32/OVMF_VARS.fd" },
	{ "aarch64", EDK2 "aarch64/QEMU_EFI-silent-pflash.raw",
	  EDK2 "aarch64/vars-template-pflash.raw" },
	{ "arm", EDK2 "arm/QEMU_EFI-pflash.raw",
	  EDK2 "arm/vars-template-pflash.raw" },
	{ "riscv64", EDK2 "riscv/RISCV_VIRT_CODE.fd",
	  EDK2 "riscv/RISCV_VIRT_VARS.fd" },
	/* Arch */
	{ "x86_64", EDK2 "x64/OVMF_CODE.4m.fd", EDK2 "x64/OVMF_VARS.4m.fd" },
	{ "x86_64", EDK2 "x64/OVMF_CODE.secboot.4m.fd",
	  EDK2 "x64/OVMF_VARS.4m.fd", SECURE },
	{ "i386", EDK2 "ia32/OVMF_CODE.4m.fd", EDK2 "ia32/OVMF_VARS.4m.fd" },
	{ "aarch64", EDK2 "aarch64/QEMU_CODE.fd", EDK2 "aarch64/QEMU_VARS.fd" },
	{ "arm", EDK2 "arm/QEMU_CODE.fd", EDK2 "arm/QEMU_VARS.fd" },
	/* SUSE */
	{ "x86_64", SHARE "qemu/ovmf-x86_64-code.bin",
	  SHARE "qemu/ovmf-x86_64-vars.bin" },
	{ "x86_64", SHARE "qemu/ovmf-x86_64-smm-ms-code.bin",
	  SHARE "qemu/ovmf-x86_64-smm-ms-vars.bin", ENROLLED },
	{ "aarch64", SHARE "qemu/aavmf-aarch64-code.bin",
	  SHARE "qemu/aavmf-aarch64-vars.bin" },
	/* Old releases: code and variables in one file. */
	{ "x86_64", SHARE "ovmf/OVMF.fd", NULL },
};

static bool is_pc(const char *arch)
{
	return str_eq(arch, "x86_64") || str_eq(arch, "i386");
}

static void add_machines(const struct place *place,
			 struct firmware_target *target)
{
	if (!is_pc(place->arch)) {
		strv_add(&target->machines, "virt");
		strv_add(&target->machines, "virt-*");
		return;
	}
	if (!place->is_secure)
		strv_add(&target->machines, "pc-i440fx-*");
	strv_add(&target->machines, "pc-q35-*");
}

static void add_features(const struct place *place, struct strv *features)
{
	if (place->is_enrolled)
		strv_add(features, "enrolled-keys");
	if (place->is_secure && is_pc(place->arch))
		strv_add(features, "requires-smm");
	if (place->is_secure)
		strv_add(features, "secure-boot");
}

size_t firmware_place_count(void)
{
	return ARRAY_SIZE(PLACES);
}

void firmware_place(size_t i, struct firmware *ret)
{
	const struct place *place = &PLACES[i];
	struct firmware firmware = {
		.source = xstrdup(FIRMWARE_PLACE),
		.description = xstrdup(""),
		.mapping = place->vars ? FIRMWARE_SPLIT : FIRMWARE_COMBINED,
		.code = xstrdup(place->code),
		.code_format = xstrdup("raw"),
		.vars = place->vars ? xstrdup(place->vars) : NULL,
		.vars_format = place->vars ? xstrdup("raw") : NULL,
	};

	strv_add(&firmware.interfaces, "uefi");
	add_machines(place, firmware_add_target(&firmware, place->arch));
	add_features(place, &firmware.features);
	*ret = firmware;
}

const char *firmware_packages(const char *arch)
{
	static const struct {
		const char *arch, *packages;
	} rows[] = {
		{ "x86_64", "ovmf (Debian, Ubuntu), edk2-ovmf (Fedora, Arch) "
			    "or qemu-ovmf-x86_64 (SUSE)" },
		{ "i386", "ovmf-ia32 (Debian), edk2-ovmf-ia32 (Fedora) or "
			  "edk2-ovmf (Arch)" },
		{ "aarch64", "qemu-efi-aarch64 (Debian, Ubuntu), edk2-aarch64 "
			     "(Fedora, Arch) or qemu-uefi-aarch64 (SUSE)" },
		{ "arm", "qemu-efi-arm (Debian, Ubuntu) or edk2-arm (Fedora, "
			 "Arch)" },
		{ "riscv64", "qemu-efi-riscv64 (Debian, Ubuntu) or "
			     "edk2-riscv64 (Fedora)" },
		{ "loongarch64", "qemu-efi-loongarch64 (Debian, Ubuntu) or "
				 "edk2-loongarch64 (Fedora)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_eq(rows[i].arch, arch))
			return rows[i].packages;
	return NULL;
}
