/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/tpm.h"

#include <errno.h>

#include "plan/disk.h"

/* DISK.tpm; NULL for a disk in /dev, beside which nothing is to be kept. Owned
 * by the caller. */
static char *folder_beside(const char *disk)
{
	return str_starts(disk, "/dev/") ? NULL : xasprintf("%s.tpm", disk);
}

/* *ret is NULL where the state is thrown away. */
static int choose_folder(const struct run_spec *spec, const struct facts *facts,
			 char **ret, struct err *err)
{
	const char *disk;

	*ret = NULL;
	if (spec->tpm == TPM_FOLDER)
		*ret = xstrdup(spec->tpm_folder);
	if (spec->tpm != TPM_AUTO)
		return 0;
	disk = disk_first_writable(spec, facts);
	if (disk)
		*ret = folder_beside(disk);
	if (*ret)
		return 0;
	return err_set(err, -EINVAL,
		       "--tpm=auto keeps the TPM's state beside the first disk "
		       "that the guest can write, and %s; name a folder",
		       disk ? "that is no file" : "there is none");
}

/*
 * --terminate: it ends when QEMU's end of the socket is closed, whatever closes
 * it. Its state is a descriptor, so that no name has to be quoted for its
 * options, nor removed when it is gone.
 */
static void add_program(struct plan *plan, const char *program)
{
	struct plan_tpm *tpm = &plan->tpm;

	tpm->program = xstrdup(program);
	strv_add(&tpm->argv, "swtpm");
	strv_add(&tpm->argv, "socket");
	strv_add(&tpm->argv, "--tpm2");
	strv_add(&tpm->argv, "--terminate");
	strv_add(&tpm->argv, "--ctrl");
	strv_addf(&tpm->argv, "type=unixio,clientfd=%d", PLAN_TPM_SOCKET);
	strv_add(&tpm->argv, "--tpmstate");
	if (tpm->folder)
		strv_addf(&tpm->argv, "dir=/proc/self/fd/%d,mode=0600",
			  PLAN_TPM_STATE);
	else
		strv_addf(&tpm->argv, "backend-uri=file:///proc/self/fd/%d",
			  PLAN_TPM_STATE);
}

/*
 * Beside a TPM's log the ACPI tables of an x86 machine begin deeper in memory
 * than QEMU (7.2) expects when it puts an initrd below them, so that the initrd
 * overwrites them: no ACPI, no TPM, no power button. UEFI loads the initrd
 * itself.
 */
static void warn_of_initrd(struct plan *plan, const struct run_spec *spec,
			   const struct machine *machine)
{
	bool has_initrd = spec->kernel.initrd || spec->passthrough.names_initrd;

	if (has_initrd && !spec->is_uefi &&
	    str_eq(machine->tpm_device, "tpm-crb"))
		plan_note(plan, NOTE_WARNING,
			  "--tpm with an initrd: QEMU may load it over "
			  "the guest's ACPI tables, which hides the TPM; use "
			  "--uefi, or a bzImage and --memory 3G");
}

int tpm_add(struct plan *plan, const struct run_spec *spec,
	    const struct facts *facts, const struct machine *machine,
	    struct err *err)
{
	if (spec->tpm == TPM_OFF)
		return 0;
	if (!machine->tpm_device)
		return err_set(err, -EINVAL,
			       "--tpm: QEMU has no TPM for %s guests",
			       machine->arch);
	if (!facts->swtpm)
		return err_set(err, -ENOENT,
			       "--tpm: swtpm is not installed; its package is "
			       "swtpm");
	int r = choose_folder(spec, facts, &plan->tpm.folder, err);
	if (r < 0)
		return r;
	warn_of_initrd(plan, spec, machine);
	add_program(plan, facts->swtpm);
	plan_add_arg(plan, "-chardev",
		     xasprintf("socket,id=xkvm-tpm,fd=%d",
			       plan_add_fd(plan, PLAN_FD_TPM)->number));
	plan_add_arg(plan, "-tpmdev",
		     xstrdup("emulator,id=tpm0,chardev=xkvm-tpm"));
	plan_add_arg(plan, "-device",
		     xasprintf("%s,tpmdev=tpm0", machine->tpm_device));
	return 0;
}
