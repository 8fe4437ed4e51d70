/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/ovsdb_path.h"

#include <errno.h>
#include <string.h>

int ovsdb_path_check(const char *path, struct err *err)
{
	size_t len = strlen(path);

	if (*path != '/')
		return err_set(err, -EINVAL,
			       "--ovsdb '%s': give the whole path of the "
			       "database's socket, such as "
			       "/run/openvswitch/db.sock",
			       path);
	if (len > OVSDB_PATH_MAX)
		return err_set(
			err, -EINVAL,
			"--ovsdb '%.40s...' has %zu bytes; the path of a "
			"socket has at most %d",
			path, len, OVSDB_PATH_MAX);
	return 0;
}
