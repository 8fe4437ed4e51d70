/* SPDX-License-Identifier: Apache-2.0 */
/* Everything a run was asked for: the command line and the environment, as
 * values. Nothing of the host is in here. */
#ifndef XKVM_SPEC_RUN_SPEC_H
#define XKVM_SPEC_RUN_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "spec/cloud_init_spec.h"
#include "spec/command_spec.h"
#include "spec/console_spec.h"
#include "spec/disk_spec.h"
#include "spec/firmware_spec.h"
#include "spec/helper_way.h"
#include "spec/kernel_spec.h"
#include "spec/nic_spec.h"
#include "spec/panic_action.h"
#include "spec/passthrough.h"
#include "spec/smbios_spec.h"
#include "spec/wait_spec.h"

enum accel {
	ACCEL_AUTO,
	ACCEL_KVM,
	ACCEL_TCG,
};

enum tpm {
	TPM_OFF,
	TPM_PRIVATE, /* its state is thrown away */
	TPM_AUTO, /* kept beside the first disk */
	TPM_FOLDER, /* kept in tpm_folder */
};

enum dry_run {
	DRY_RUN_NO,
	DRY_RUN_SHELL, /* the command, quoted for a shell */
	DRY_RUN_JSON,
};

/* The value of --uefi-nvram that is no path. */
#define NVRAM_AUTO "auto"

enum stdin_choice {
	STDIN_QEMU, /* QEMU has xkvm's own */
	STDIN_EMPTY, /* --dowait */
};

/* All strings are owned; NULL where nothing was said. */
struct run_spec {
	struct disk_spec *disks;
	size_t disk_count;
	bool is_ephemeral; /* --ephemeral: of all disks that do not say */
	struct nic_spec *nics;
	size_t nic_count;

	char *bios;
	bool is_uefi; /* --uefi, or implied by what says which */
	char *nvram; /* --uefi-nvram; NVRAM_AUTO: beside the first disk */
	struct firmware_spec firmware;
	struct kernel_spec kernel;
	struct cloud_init_spec cloud_init;
	struct smbios_spec smbios;

	char *ovsdb; /* --ovsdb */

	char *program; /* --kvm */
	char *arch; /* --arch, in QEMU's spelling */
	enum accel accel;
	bool is_accel_explicit; /* by --accel, not only by XKVM_ACCEL */

	enum helper_way helper;
	char *net_socket; /* XKVM_NET_SOCKET */
	char *machine; /* --machine, for -machine */
	char *machine_type; /* its type; NULL where it has only options */
	char *cpu; /* --cpu */
	char *smp; /* --smp */
	char *memory; /* --memory */
	unsigned int cpus; /* at the start, whoever says it; 0: nobody does */

	enum tpm tpm;
	char *tpm_folder; /* --tpm=DIR */

	enum dry_run dry_run;
	enum stdin_choice stdin_choice;
	bool no_reboot;
	enum panic_action on_panic; /* --on-panic */
	bool has_guest_exit; /* --guest-exit */
	bool is_exec; /* --exec */
	bool is_quiet;
	unsigned int verbosity;
	unsigned int grace_ms; /* --grace, in milliseconds */

	char *default_disk_driver; /* DEF_DISK_DRIVER */
	char *default_nic_model; /* DEF_NETMODEL */
	/* _QEMU_SUPPORTS_FILE_LOCKING: 1 true, 0 false, -1 not said */
	int supports_file_locking;
	char *cache_home; /* where caches are kept, absolute */
	char *temp_folder; /* TMPDIR */

	struct console_spec console; /* --console, --console-log */
	struct wait_spec *waits; /* --wait; all must come */
	size_t wait_count;
	unsigned int timeout_ms; /* --timeout; 0: none */
	struct command_spec command; /* --run; then the last of `waits` */

	struct strv qemu_args; /* handed to QEMU unchanged, last */
	struct passthrough passthrough;
};

#define RUN_SPEC_INIT                       \
	{                                   \
		.supports_file_locking = -1 \
	}

void run_spec_done(struct run_spec *spec);

/* Appends one parsed --disk or --netdev. On failure the message is prefixed
 * with the option and the argument. */
must_check int run_spec_add_disk(struct run_spec *spec, const char *arg,
				 struct err *err);
must_check int run_spec_add_nic(struct run_spec *spec, const char *arg,
				struct err *err);

/* The same for --wait. */
must_check int run_spec_add_wait(struct run_spec *spec, const char *arg,
				 struct err *err);
/* Appends the disk of a --cdrom. */
void run_spec_add_cdrom(struct run_spec *spec, const char *path);

/* The id of a disk, counted from 0, that is given none. Owned by the caller. */
char *run_spec_default_disk_id(size_t number);

/* "auto", "kvm" or "tcg". */
must_check int accel_parse(const char *text, enum accel *ret, struct err *err);
const char *accel_name(enum accel accel);

/* --machine, --smp and --memory: what is wrong with a value is said with the
 * option's name. */
must_check int run_spec_set_machine(struct run_spec *spec, const char *value,
				    struct err *err);
must_check int run_spec_set_smp(struct run_spec *spec, const char *value,
				struct err *err);
must_check int run_spec_set_memory(struct run_spec *spec, const char *value,
				   struct err *err);

/* --tpm, with auto, off or a folder; NULL or empty where it has no value. */
void run_spec_set_tpm(struct run_spec *spec, const char *value);

/* Checks what only the whole can show, and reads `qemu_args`. Call it once,
 * when everything has been added. */
must_check int run_spec_finish(struct run_spec *spec, struct err *err);

#endif
