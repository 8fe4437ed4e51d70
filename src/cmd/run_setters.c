/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run_setters.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "spec/arch.h"
#include "spec/duration.h"
#include "spec/ovsdb_path.h"

int run_set_netdev(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return run_spec_add_nic(&p->spec, value, err);
}

int run_set_disk(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return run_spec_add_disk(&p->spec, value, err);
}

int run_set_cdrom(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	if (*value)
		run_spec_add_cdrom(&p->spec, value);
	return 0;
}

int run_set_ephemeral(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_ephemeral = true;
	return 0;
}

/* A path that an option takes whole. Scripts write --bios "$BIOS" whether they
 * have one or not: empty is not given. */
static int set_path(char **member, const char *value)
{
	str_replace(member, *value ? value : NULL);
	return 0;
}

int run_set_ovsdb(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = *value ? ovsdb_path_check(value, err) : 0;

	return r < 0 ? r : set_path(&p->spec.ovsdb, value);
}

int run_set_bios(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	return set_path(&p->spec.bios, value);
}

int run_set_uefi(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_uefi = true;
	return 0;
}

int run_set_uefi_nvram(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	p->spec.is_uefi = true;
	(void)err;
	return set_path(&p->spec.nvram, value);
}

int run_set_secure_boot(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = secure_boot_parse(value, &p->spec.firmware.secure_boot, err);

	return r < 0 ? err_prefix(err, "--secure-boot") : 0;
}

int run_set_firmware(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	return set_path(&p->spec.firmware.file, value);
}

int run_set_firmware_features(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = firmware_spec_add_features(&p->spec.firmware, value, err);

	return r < 0 ? err_prefix(err, "--firmware-features '%s'", value) : 0;
}

int run_set_kernel(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	return set_path(&p->spec.kernel.file, value);
}

int run_set_initrd(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	return set_path(&p->spec.kernel.initrd, value);
}

int run_set_append(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	kernel_spec_append(&p->spec.kernel, value);
	return 0;
}

int run_set_append_console(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return kernel_spec_set_append_console(&p->spec.kernel, value, err);
}

int run_set_seed_via(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return cloud_init_spec_set_via(&p->spec.cloud_init, value, err);
}

int run_set_credential(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return smbios_spec_add_credential(&p->spec.smbios, value, err);
}

int run_set_smbios11(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return smbios_spec_add_string(&p->spec.smbios, value, err);
}

int run_set_fast(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.kernel.is_fast = true;
	return 0;
}

int run_set_kvm(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	return set_path(&p->spec.program, value);
}

int run_set_arch(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = arch_check(value, err);

	if (r < 0)
		return err_prefix(err, "--arch");
	str_replace(&p->spec.arch, arch_qemu_name(value));
	return 0;
}

int run_set_accel(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = accel_parse(value, &p->spec.accel, err);

	if (r < 0)
		return err_prefix(err, "--accel");
	p->spec.is_accel_explicit = true;
	return 0;
}

int run_set_machine(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return run_spec_set_machine(&p->spec, value, err);
}

int run_set_cpu(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	str_replace(&p->spec.cpu, *value ? value : NULL);
	return 0;
}

int run_set_smp(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return run_spec_set_smp(&p->spec, value, err);
}

int run_set_memory(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return run_spec_set_memory(&p->spec, value, err);
}

int run_set_tpm(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	run_spec_set_tpm(&p->spec, value);
	return 0;
}

int run_set_grace(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end != '\0' || !(seconds >= 0) ||
	    !(seconds <= 86400))
		return err_set(err, -EINVAL,
			       "--grace '%s': give seconds, from 0 to 86400",
			       value);
	p->spec.grace_ms = (unsigned int)ceil(seconds * 1000);
	return 0;
}

int run_set_guest_exit(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.has_guest_exit = true;
	return 0;
}

int run_set_on_panic(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = panic_action_parse(value, &p->spec.on_panic, err);

	return r < 0 ? err_prefix(err, "--on-panic") : 0;
}

int run_set_console(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = console_spec_set_place(&p->spec.console, value, err);

	return r < 0 ? err_prefix(err, "--console '%s'", value) : 0;
}

int run_set_console_log(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = console_spec_set_log(&p->spec.console, value, err);

	return r < 0 ? err_prefix(err, "--console-log '%s'", value) : 0;
}

int run_set_wait(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	return run_spec_add_wait(&p->spec, value, err);
}

int run_set_timeout(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	unsigned int ms;
	int r = duration_parse(value, &ms, err);

	if (r == 0 && ms == 0)
		r = err_set(err, -EINVAL,
			    "give a time, such as 90, 90s, 5m or 1h");
	if (r < 0)
		return err_prefix(err, "--timeout '%s'", value);
	p->spec.timeout_ms = ms;
	return 0;
}

int run_set_run(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	str_replace(&p->spec.command.text, value);
	return 0;
}

int run_set_run_by(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = command_way_parse(value, &p->spec.command.way, err);

	return r < 0 ? err_prefix(err, "--run-by") : 0;
}

int run_set_ssh_user(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)err;
	str_replace(&p->spec.command.user, value);
	return 0;
}

int run_set_exec(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_exec = true;
	return 0;
}

int run_set_helper(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;
	int r = helper_way_parse(value, &p->spec.helper, err);

	return r < 0 ? err_prefix(err, "--helper") : 0;
}

int run_set_no_reboot(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.no_reboot = true;
	return 0;
}

int run_set_dowait(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.stdin_choice = STDIN_EMPTY;
	return 0;
}

int run_set_no_dowait(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.stdin_choice = STDIN_QEMU;
	return 0;
}

int run_set_dry_run(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	if (!value)
		p->spec.dry_run = DRY_RUN_SHELL;
	else if (str_eq(value, "json"))
		p->spec.dry_run = DRY_RUN_JSON;
	else
		return err_set(err, -EINVAL,
			       "--dry-run=%s: the only other form is json",
			       value);
	return 0;
}

int run_set_quiet(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_quiet = true;
	return 0;
}

int run_set_verbose(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->spec.verbosity++;
	return 0;
}

int run_set_version(void *context, const char *value, struct err *err)
{
	struct run_parsing *p = context;

	(void)value;
	(void)err;
	p->request = REQUEST_VERSION;
	return 0;
}
