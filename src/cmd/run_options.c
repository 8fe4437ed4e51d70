/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run_options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "spec/arch.h"
#include "spec/ovsdb_path.h"

struct parsing {
	struct run_spec spec;
	enum run_request request;
};

static int on_netdev(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	return run_spec_add_nic(&p->spec, value, err);
}

static int on_disk(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	return run_spec_add_disk(&p->spec, value, err);
}

/* A path that an option takes whole. Scripts write --bios "$BIOS" whether they
 * have one or not: empty is not given. */
static int set_path(char **member, const char *value)
{
	str_replace(member, *value ? value : NULL);
	return 0;
}

static int on_ovsdb(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = *value ? ovsdb_path_check(value, err) : 0;

	return r < 0 ? r : set_path(&p->spec.ovsdb, value);
}

static int on_bios(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	return set_path(&p->spec.bios, value);
}

static int on_uefi(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_uefi = true;
	return 0;
}

static int on_uefi_nvram(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	p->spec.is_uefi = true;
	(void)err;
	return set_path(&p->spec.nvram, value);
}

static int on_secure_boot(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = secure_boot_parse(value, &p->spec.firmware.secure_boot, err);

	return r < 0 ? err_prefix(err, "--secure-boot") : 0;
}

static int on_firmware(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	return set_path(&p->spec.firmware.file, value);
}

static int on_firmware_features(void *context, const char *value,
				struct err *err)
{
	struct parsing *p = context;
	int r = firmware_spec_add_features(&p->spec.firmware, value, err);

	return r < 0 ? err_prefix(err, "--firmware-features '%s'", value) : 0;
}

static int on_kernel(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	return set_path(&p->spec.kernel.file, value);
}

static int on_initrd(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	return set_path(&p->spec.kernel.initrd, value);
}

static int on_append(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	kernel_spec_append(&p->spec.kernel, value);
	return 0;
}

static int on_append_console(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	return kernel_spec_set_append_console(&p->spec.kernel, value, err);
}

static int on_fast(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.kernel.is_fast = true;
	return 0;
}

static int on_kvm(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	return set_path(&p->spec.program, value);
}

static int on_arch(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = arch_check(value, err);

	if (r < 0)
		return err_prefix(err, "--arch");
	str_replace(&p->spec.arch, arch_qemu_name(value));
	return 0;
}

static int on_accel(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = accel_parse(value, &p->spec.accel, err);

	if (r < 0)
		return err_prefix(err, "--accel");
	p->spec.is_accel_explicit = true;
	return 0;
}

static int on_machine(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	return run_spec_set_machine(&p->spec, value, err);
}

static int on_cpu(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	str_replace(&p->spec.cpu, *value ? value : NULL);
	return 0;
}

static int on_smp(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	return run_spec_set_smp(&p->spec, value, err);
}

static int on_memory(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	return run_spec_set_memory(&p->spec, value, err);
}

static int on_tpm(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)err;
	run_spec_set_tpm(&p->spec, value);
	return 0;
}

static int on_grace(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
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

static int on_exec(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_exec = true;
	return 0;
}

static int on_helper(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;
	int r = helper_way_parse(value, &p->spec.helper, err);

	return r < 0 ? err_prefix(err, "--helper") : 0;
}

static int on_no_reboot(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.no_reboot = true;
	return 0;
}

static int on_dowait(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.stdin_choice = STDIN_EMPTY;
	return 0;
}

static int on_no_dowait(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.stdin_choice = STDIN_QEMU;
	return 0;
}

static int on_dry_run(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

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

static int on_quiet(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.is_quiet = true;
	return 0;
}

static int on_verbose(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->spec.verbosity++;
	return 0;
}

static int on_version(void *context, const char *value, struct err *err)
{
	struct parsing *p = context;

	(void)value;
	(void)err;
	p->request = REQUEST_VERSION;
	return 0;
}

static const struct option_def DEFS[] = {
	{ .name = "netdev",
	  .letter = 'n',
	  .value = OPTION_REQUIRED,
	  .metavar = "NETDEV",
	  .help = "plug a NIC into a bridge, or 'user'; repeatable",
	  .complete = COMPLETE_NETDEV,
	  .is_original = true,
	  .apply = on_netdev },
	{ .name = "disk",
	  .letter = 'd',
	  .value = OPTION_REQUIRED,
	  .metavar = "DISK",
	  .help = "attach a disk image or device; repeatable",
	  .complete = COMPLETE_FILE,
	  .is_original = true,
	  .apply = on_disk },
	{ .name = "ovsdb",
	  .value = OPTION_REQUIRED,
	  .metavar = "PATH",
	  .help = "where Open vSwitch's database listens",
	  .complete = COMPLETE_FILE,
	  .apply = on_ovsdb },
	{ .name = "bios",
	  .value = OPTION_REQUIRED,
	  .metavar = "FILE",
	  .help = "boot with this firmware image",
	  .complete = COMPLETE_FILE,
	  .is_original = true,
	  .apply = on_bios },
	{ .name = "uefi",
	  .help = "boot with UEFI firmware, variables thrown away",
	  .is_original = true,
	  .apply = on_uefi },
	{ .name = "uefi-nvram",
	  .value = OPTION_REQUIRED,
	  .metavar = "FILE",
	  .help = "boot with UEFI, variables in FILE, or auto",
	  .complete = COMPLETE_FILE,
	  .is_original = true,
	  .apply = on_uefi_nvram },
	{ .name = "secure-boot",
	  .value = OPTION_REQUIRED,
	  .metavar = "CHOICE",
	  .help = "auto (default), yes or no",
	  .complete = COMPLETE_WORDS,
	  .words = "auto yes no",
	  .apply = on_secure_boot },
	{ .name = "firmware",
	  .value = OPTION_REQUIRED,
	  .metavar = "FILE",
	  .help = "boot with this firmware descriptor or image",
	  .complete = COMPLETE_FILE,
	  .apply = on_firmware },
	{ .name = "firmware-features",
	  .value = OPTION_REQUIRED,
	  .metavar = "FEATURES",
	  .help = "what the firmware must have, and not have (~)",
	  .complete = COMPLETE_WORDS,
	  .words = "secure-boot ~secure-boot enrolled-keys ~enrolled-keys "
		   "requires-smm ~requires-smm",
	  .apply = on_firmware_features },
	{ .name = "kernel",
	  .value = OPTION_REQUIRED,
	  .metavar = "FILE",
	  .help = "start this kernel, without a boot loader",
	  .complete = COMPLETE_FILE,
	  .apply = on_kernel },
	{ .name = "initrd",
	  .value = OPTION_REQUIRED,
	  .metavar = "FILE",
	  .help = "the initial ram disk that goes with --kernel",
	  .complete = COMPLETE_FILE,
	  .apply = on_initrd },
	{ .name = "append",
	  .value = OPTION_REQUIRED,
	  .metavar = "TEXT",
	  .help = "words for the kernel's command line; repeatable",
	  .apply = on_append },
	{ .name = "append-console",
	  .value = OPTION_OPTIONAL,
	  .metavar = "yes|no",
	  .help = "tell the kernel its console (default: auto)",
	  .complete = COMPLETE_WORDS,
	  .words = "yes no",
	  .apply = on_append_console },
	{ .name = "fast",
	  .help = "start --kernel on the quickest machine that QEMU has",
	  .apply = on_fast },
	{ .name = "kvm",
	  .value = OPTION_REQUIRED,
	  .metavar = "PROGRAM",
	  .help = "the QEMU to run",
	  .complete = COMPLETE_PROGRAM,
	  .is_original = true,
	  .apply = on_kvm },
	{ .name = "arch",
	  .value = OPTION_REQUIRED,
	  .metavar = "ARCH",
	  .help = "the guest's architecture (default: the host's)",
	  .complete = COMPLETE_WORDS,
	  .words = "x86_64 i386 aarch64 arm ppc64 s390x riscv64 loongarch64",
	  .apply = on_arch },
	{ .name = "accel",
	  .value = OPTION_REQUIRED,
	  .metavar = "ACCEL",
	  .help = "auto (default), kvm or tcg",
	  .complete = COMPLETE_WORDS,
	  .words = "auto kvm tcg",
	  .apply = on_accel },
	{ .name = "machine",
	  .value = OPTION_REQUIRED,
	  .metavar = "MACHINE",
	  .help = "the machine (QEMU's -machine)",
	  .apply = on_machine },
	{ .name = "cpu",
	  .value = OPTION_REQUIRED,
	  .metavar = "CPU",
	  .help = "the CPU model (QEMU's -cpu)",
	  .apply = on_cpu },
	{ .name = "smp",
	  .value = OPTION_REQUIRED,
	  .metavar = "N",
	  .help = "how many CPUs (QEMU's -smp)",
	  .apply = on_smp },
	{ .name = "memory",
	  .letter = 'm',
	  .value = OPTION_REQUIRED,
	  .metavar = "SIZE",
	  .help = "how much memory: 512M, 2G",
	  .apply = on_memory },
	{ .name = "tpm",
	  .value = OPTION_OPTIONAL,
	  .metavar = "DIR",
	  .help = "a TPM 2.0, kept in DIR, or auto: beside the disk",
	  .complete = COMPLETE_WORDS,
	  .words = "auto off",
	  .apply = on_tpm },
	{ .name = "helper",
	  .value = OPTION_REQUIRED,
	  .metavar = "WAY",
	  .help = "who makes the taps: auto (default), direct, ...",
	  .complete = COMPLETE_WORDS,
	  .words = "auto direct sudo socket qemu",
	  .apply = on_helper },
	{ .name = "no-reboot",
	  .help = "end when the guest reboots",
	  .apply = on_no_reboot },
	{ .name = "grace",
	  .value = OPTION_REQUIRED,
	  .metavar = "SECONDS",
	  .help = "on a signal, let the guest power down for so long",
	  .apply = on_grace },
	{ .name = "exec",
	  .help = "become QEMU, and supervise nothing",
	  .apply = on_exec },
	{ .name = "dowait",
	  .help = "give QEMU an empty standard input",
	  .is_original = true,
	  .apply = on_dowait },
	{ .name = "no-dowait",
	  .help = "give QEMU this standard input (default)",
	  .is_original = true,
	  .apply = on_no_dowait },
	{ .name = "dry-run",
	  .value = OPTION_OPTIONAL,
	  .metavar = "json",
	  .help = "print what would be run, and do nothing",
	  .complete = COMPLETE_WORDS,
	  .words = "json",
	  .is_original = true,
	  .apply = on_dry_run },
	{ .name = "quiet",
	  .letter = 'q',
	  .help = "do not show the command nor notes",
	  .apply = on_quiet },
	{ .name = "verbose",
	  .letter = 'v',
	  .help = "say more; repeatable",
	  .is_original = true,
	  .apply = on_verbose },
	OPTION_HELP,
	{ .name = "version", .help = "show the version", .apply = on_version },
};

const struct option_table RUN_OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

int run_options_parse(int argc, char *const *argv,
		      const struct run_environment *environment,
		      struct run_spec *ret, enum run_request *ret_request,
		      struct err *err)
{
	struct parsing p = { .spec = RUN_SPEC_INIT };
	int r = run_environment_apply(environment, &p.spec, err);

	if (r == 0)
		r = option_parse(&RUN_OPTIONS, argc, argv, &p,
				 &p.spec.qemu_args, err);
	if (r == OPTION_HELP_ASKED)
		p.request = REQUEST_HELP;
	else if (r == 0 && p.request == REQUEST_RUN)
		r = run_spec_finish(&p.spec, err);
	if (r < 0) {
		run_spec_done(&p.spec);
		return r;
	}
	*ret = p.spec;
	*ret_request = p.request;
	return 0;
}
