/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware.h"

#include <errno.h>

#include "base/words.h"

/*
 * Code and the template of its variables belong together: they must agree on
 * the size of the flash. Where `vars` is NULL, `code` is one file for both.
 * The first pair that is installed is taken.
 */
struct firmware_pair {
	const char *arch;
	const char *code;
	const char *vars;
};

#define SHARE "/usr/share/"
#define EDK2 SHARE "edk2/"

static const struct firmware_pair PAIRS[] = {
	/* Debian, Ubuntu */
	{ "x86_64", SHARE "OVMF/OVMF_CODE_4M.fd",
	  SHARE "OVMF/OVMF_VARS_4M.fd" },
	{ "x86_64", SHARE "OVMF/OVMF_CODE.fd", SHARE "OVMF/OVMF_VARS.fd" },
	{ "i386", SHARE "OVMF/OVMF32_CODE_4M.secboot.fd",
	  SHARE "OVMF/OVMF32_VARS_4M.fd" },
	{ "aarch64", SHARE "AAVMF/AAVMF_CODE.no-secboot.fd",
	  SHARE "AAVMF/AAVMF_VARS.fd" },
	{ "aarch64", SHARE "AAVMF/AAVMF_CODE.fd", SHARE "AAVMF/AAVMF_VARS.fd" },
	/* Fedora */
	{ "x86_64", EDK2 "ovmf/OVMF_CODE.fd", EDK2 "ovmf/OVMF_VARS.fd" },
	{ "i386", EDK2 "ovmf-ia32/OVMF_CODE.fd",
	  EDK2 "ovmf-ia32/OVMF_VARS.fd" },
	{ "aarch64", EDK2 "aarch64/QEMU_EFI-silent-pflash.raw",
	  EDK2 "aarch64/vars-template-pflash.raw" },
	/* Arch */
	{ "x86_64", EDK2 "x64/OVMF_CODE.4m.fd", EDK2 "x64/OVMF_VARS.4m.fd" },
	{ "i386", EDK2 "ia32/OVMF_CODE.4m.fd", EDK2 "ia32/OVMF_VARS.4m.fd" },
	{ "aarch64", EDK2 "aarch64/QEMU_CODE.fd", EDK2 "aarch64/QEMU_VARS.fd" },
	/* SUSE */
	{ "x86_64", SHARE "qemu/ovmf-x86_64-code.bin",
	  SHARE "qemu/ovmf-x86_64-vars.bin" },
	{ "aarch64", SHARE "qemu/aavmf-aarch64-code.bin",
	  SHARE "qemu/aavmf-aarch64-vars.bin" },
	/* Old releases: code and variables in one file. */
	{ "x86_64", SHARE "ovmf/OVMF.fd", NULL },
};

/* --uefi, or the architecture boots no other way. A kernel given by -kernel
 * comes after the firmware, so it changes nothing here. */
static bool is_uefi(const struct run_spec *spec, const struct machine *machine)
{
	return spec->is_uefi || (machine->is_uefi_default && !spec->bios);
}

void firmware_questions(const struct run_spec *spec,
			const struct machine *machine, struct strv *files)
{
	if (spec->bios)
		strv_add_unique(files, spec->bios);
	if (!is_uefi(spec, machine))
		return;
	if (spec->nvram)
		strv_add_unique(files, spec->nvram);
	for (size_t i = 0; i < ARRAY_SIZE(PAIRS); i++) {
		if (!str_eq(PAIRS[i].arch, machine->arch))
			continue;
		strv_add_unique(files, PAIRS[i].code);
		if (PAIRS[i].vars)
			strv_add_unique(files, PAIRS[i].vars);
	}
}

static const struct file_facts *readable(const struct facts *facts,
					 const char *path)
{
	const struct file_facts *file = facts_file(facts, path);

	return file && file->kind == FILE_REGULAR && file->error == 0 ? file
								      : NULL;
}

/* What a store of variables made for this pair looks like. */
static const char *template_of(const struct firmware_pair *pair)
{
	return pair->vars ? pair->vars : pair->code;
}

/*
 * The first installed pair, or, where `nvram` is a store that exists already,
 * the first whose template has its size: a store made for a 2 MiB flash does
 * not work with code for a 4 MiB one. NULL where there is none.
 */
static const struct firmware_pair *find_pair(const struct facts *facts,
					     const struct machine *machine,
					     const struct file_facts *nvram)
{
	for (size_t i = 0; i < ARRAY_SIZE(PAIRS); i++) {
		const struct firmware_pair *pair = &PAIRS[i];
		const struct file_facts *template =
			readable(facts, template_of(pair));

		if (str_eq(pair->arch, machine->arch) && template &&
		    readable(facts, pair->code) &&
		    (!nvram || template->size == nvram->size))
			return pair;
	}
	return NULL;
}

static const char *package_of(const char *arch)
{
	if (str_eq(arch, "aarch64"))
		return "qemu-efi-aarch64 (Debian, Ubuntu), edk2-aarch64 "
		       "(Fedora, Arch) or qemu-uefi-aarch64 (SUSE)";
	if (str_eq(arch, "i386"))
		return "ovmf-ia32 (Debian), edk2-ovmf-ia32 (Fedora) or "
		       "edk2-ovmf (Arch)";
	return "ovmf (Debian, Ubuntu), edk2-ovmf (Fedora, Arch) or "
	       "qemu-ovmf-x86_64 (SUSE)";
}

static bool is_known(const char *arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(PAIRS); i++)
		if (str_eq(PAIRS[i].arch, arch))
			return true;
	return false;
}

/* Why find_pair() found none. */
static int refuse_pair(const struct facts *facts, const struct machine *machine,
		       const struct file_facts *nvram, struct err *err)
{
	if (!is_known(machine->arch))
		return err_set(err, -ENOENT,
			       "no UEFI firmware is known for %s; give it with "
			       "--bios",
			       machine->arch);
	if (nvram && find_pair(facts, machine, NULL))
		return err_set(
			err, -EINVAL,
			"--uefi-nvram '%s': its %llu bytes fit none of "
			"the UEFI firmware installed for %s; name a file "
			"that does not exist to start with fresh "
			"variables",
			nvram->path, (unsigned long long)nvram->size,
			machine->arch);
	return err_set(err, -ENOENT,
		       "no UEFI firmware for %s is installed; its package is "
		       "%s",
		       machine->arch, package_of(machine->arch));
}

static void add_flash(struct plan *plan, const char *path, bool is_readonly)
{
	cleanup_strbuf struct strbuf drive = STRBUF_INIT;

	strbuf_addstr(&drive, "if=pflash,format=raw");
	words_add(&drive, "file", path);
	if (is_readonly)
		strbuf_addstr(&drive, ",readonly=on");
	plan_add_arg(plan, "-drive", strbuf_detach(&drive));
}

static int check_nvram(const struct file_facts *nvram, struct err *err)
{
	if (nvram->kind != FILE_REGULAR)
		return err_set(err, -EINVAL,
			       "--uefi-nvram '%s' is not a regular file",
			       nvram->path);
	if (nvram->error)
		return err_set(err, -EINVAL,
			       "--uefi-nvram '%s' cannot be read: %s",
			       nvram->path, strerrordesc_np(nvram->error));
	return 0;
}

static void add_user_nvram(struct plan *plan, const struct file_facts *nvram,
			   const struct firmware_pair *pair)
{
	bool is_readonly = nvram->kind == FILE_REGULAR && !nvram->can_write;

	if (nvram->kind == FILE_MISSING)
		plan_add_file(plan, PLAN_FILE_CREATE_NVRAM, nvram->path,
			      template_of(pair));
	if (is_readonly)
		plan_note(plan, NOTE_INFO,
			  "--uefi-nvram '%s' cannot be written; what the "
			  "guest changes in it is lost",
			  nvram->path);
	add_flash(plan, nvram->path, is_readonly);
}

/* A copy without a name: nothing to remove, whoever dies first. QEMU opens it
 * anew, once to read and once to write, which a descriptor set would not
 * allow. */
static void add_private_nvram(struct plan *plan, const char *template)
{
	struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_NVRAM);
	cleanup_free char *path = xasprintf("/dev/fd/%d", fd->number);

	fd->path = xstrdup(template);
	add_flash(plan, path, false);
}

static int add_bios(struct plan *plan, const char *path,
		    const struct facts *facts, struct err *err)
{
	const struct file_facts *file = facts_file(facts, path);

	if (!file || file->kind == FILE_MISSING)
		return err_set(err, -EINVAL, "--bios '%s': no such file", path);
	if (file->kind != FILE_REGULAR)
		return err_set(err, -EINVAL,
			       "--bios '%s' is not a regular file", path);
	if (file->error)
		return err_set(err, -EINVAL, "--bios '%s' cannot be read: %s",
			       path, strerrordesc_np(file->error));
	add_flash(plan, path, true);
	return 0;
}

int firmware_add(struct plan *plan, const struct run_spec *spec,
		 const struct facts *facts, const struct machine *machine,
		 struct err *err)
{
	const struct file_facts *nvram =
		spec->nvram ? facts_file(facts, spec->nvram) : NULL;
	const struct file_facts *existing =
		nvram && nvram->kind != FILE_MISSING ? nvram : NULL;

	if (spec->bios)
		return add_bios(plan, spec->bios, facts, err);
	if (!is_uefi(spec, machine))
		return 0;
	int r = existing ? check_nvram(existing, err) : 0;
	if (r < 0)
		return r;
	const struct firmware_pair *pair = find_pair(facts, machine, existing);
	if (!pair)
		return refuse_pair(facts, machine, existing, err);
	if (pair->vars)
		add_flash(plan, pair->code, true);
	if (nvram)
		add_user_nvram(plan, nvram, pair);
	else
		add_private_nvram(plan, template_of(pair));
	return 0;
}
