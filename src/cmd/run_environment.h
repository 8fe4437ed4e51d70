/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment says where the command line says nothing. */
#ifndef XKVM_CMD_RUN_ENVIRONMENT_H
#define XKVM_CMD_RUN_ENVIRONMENT_H

#include "spec/run_spec.h"

/* The environment variables that are defaults; NULL: not set. Not owned. */
struct run_environment {
	const char *disk_driver; /* DEF_DISK_DRIVER */
	const char *nic_model; /* DEF_NETMODEL */
	const char *file_locking; /* _QEMU_SUPPORTS_FILE_LOCKING */
	const char *accel; /* XKVM_ACCEL */
	const char *net_socket; /* XKVM_NET_SOCKET */
	const char *cache_home; /* XDG_CACHE_HOME */
	const char *home; /* HOME */
	const char *ssh_agent; /* SSH_AUTH_SOCK */
	const char *temp_folder; /* TMPDIR */
};

/* As this process has them. */
struct run_environment run_environment_read(void);

/* Puts the defaults into a spec that is still empty. */
must_check int run_environment_apply(const struct run_environment *environment,
				     struct run_spec *spec, struct err *err);

#endif
