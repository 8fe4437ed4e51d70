/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run_environment.h"

#include <stdlib.h>

#include "spec/cache_home.h"

struct run_environment run_environment_read(void)
{
	return (struct run_environment){
		.disk_driver = getenv("DEF_DISK_DRIVER"),
		.nic_model = getenv("DEF_NETMODEL"),
		.file_locking = getenv("_QEMU_SUPPORTS_FILE_LOCKING"),
		.accel = getenv("XKVM_ACCEL"),
		.net_socket = getenv("XKVM_NET_SOCKET"),
		.cache_home = getenv("XDG_CACHE_HOME"),
		.home = getenv("HOME"),
		.ssh_agent = getenv("SSH_AUTH_SOCK"),
		.temp_folder = getenv("TMPDIR"),
	};
}

static const char *nonempty(const char *s)
{
	return s && *s ? s : NULL;
}

int run_environment_apply(const struct run_environment *environment,
			  struct run_spec *spec, struct err *err)
{
	const char *locking = nonempty(environment->file_locking);
	const char *accel = nonempty(environment->accel);

	str_replace(&spec->default_disk_driver,
		    nonempty(environment->disk_driver));
	str_replace(&spec->default_nic_model, nonempty(environment->nic_model));
	str_replace(&spec->net_socket, nonempty(environment->net_socket));
	str_replace(&spec->temp_folder, nonempty(environment->temp_folder));
	spec->cache_home =
		cache_home(environment->cache_home, environment->home);
	str_replace(&spec->cloud_init.ssh_agent,
		    nonempty(environment->ssh_agent));
	if (nonempty(environment->home))
		spec->cloud_init.ssh_folder =
			xasprintf("%s/.ssh", environment->home);
	if (locking)
		spec->supports_file_locking = str_eq(locking, "true");
	if (accel && accel_parse(accel, &spec->accel, err) < 0)
		return err_prefix(err, "environment variable XKVM_ACCEL");
	return 0;
}
