/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each option of a run does, for the table in run_options.c. They are all
 * of the type of option_def's `apply`; their context is a struct run_parsing.
 */
#ifndef XKVM_CMD_RUN_SETTERS_H
#define XKVM_CMD_RUN_SETTERS_H

#include "cmd/run_options.h"

struct run_parsing {
	struct run_spec spec;
	enum run_request request;
};

must_check int run_set_netdev(void *context, const char *value,
			      struct err *err);
must_check int run_set_disk(void *context, const char *value, struct err *err);
must_check int run_set_cdrom(void *context, const char *value, struct err *err);
must_check int run_set_ephemeral(void *context, const char *value,
				 struct err *err);
must_check int run_set_ovsdb(void *context, const char *value, struct err *err);
must_check int run_set_bios(void *context, const char *value, struct err *err);
must_check int run_set_uefi(void *context, const char *value, struct err *err);
must_check int run_set_uefi_nvram(void *context, const char *value,
				  struct err *err);
must_check int run_set_secure_boot(void *context, const char *value,
				   struct err *err);
must_check int run_set_firmware(void *context, const char *value,
				struct err *err);
must_check int run_set_firmware_features(void *context, const char *value,
					 struct err *err);
must_check int run_set_kernel(void *context, const char *value,
			      struct err *err);
must_check int run_set_initrd(void *context, const char *value,
			      struct err *err);
must_check int run_set_append(void *context, const char *value,
			      struct err *err);
must_check int run_set_append_console(void *context, const char *value,
				      struct err *err);
must_check int run_set_seed_via(void *context, const char *value,
				struct err *err);
must_check int run_set_credential(void *context, const char *value,
				  struct err *err);
must_check int run_set_smbios11(void *context, const char *value,
				struct err *err);
must_check int run_set_fast(void *context, const char *value, struct err *err);
must_check int run_set_kvm(void *context, const char *value, struct err *err);
must_check int run_set_arch(void *context, const char *value, struct err *err);
must_check int run_set_accel(void *context, const char *value, struct err *err);
must_check int run_set_machine(void *context, const char *value,
			       struct err *err);
must_check int run_set_cpu(void *context, const char *value, struct err *err);
must_check int run_set_smp(void *context, const char *value, struct err *err);
must_check int run_set_memory(void *context, const char *value,
			      struct err *err);
must_check int run_set_tpm(void *context, const char *value, struct err *err);
must_check int run_set_grace(void *context, const char *value, struct err *err);
must_check int run_set_guest_exit(void *context, const char *value,
				  struct err *err);
must_check int run_set_on_panic(void *context, const char *value,
				struct err *err);
must_check int run_set_console(void *context, const char *value,
			       struct err *err);
must_check int run_set_console_log(void *context, const char *value,
				   struct err *err);
must_check int run_set_wait(void *context, const char *value, struct err *err);
must_check int run_set_timeout(void *context, const char *value,
			       struct err *err);
must_check int run_set_run(void *context, const char *value, struct err *err);
must_check int run_set_run_by(void *context, const char *value,
			      struct err *err);
must_check int run_set_ssh_user(void *context, const char *value,
				struct err *err);
must_check int run_set_exec(void *context, const char *value, struct err *err);
must_check int run_set_helper(void *context, const char *value,
			      struct err *err);
must_check int run_set_no_reboot(void *context, const char *value,
				 struct err *err);
must_check int run_set_dowait(void *context, const char *value,
			      struct err *err);
must_check int run_set_no_dowait(void *context, const char *value,
				 struct err *err);
must_check int run_set_dry_run(void *context, const char *value,
			       struct err *err);
must_check int run_set_quiet(void *context, const char *value, struct err *err);
must_check int run_set_verbose(void *context, const char *value,
			       struct err *err);
must_check int run_set_version(void *context, const char *value,
			       struct err *err);

#endif
