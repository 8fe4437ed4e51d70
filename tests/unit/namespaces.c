/* SPDX-License-Identifier: Apache-2.0 */
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "check.h"

static int write_file(const char *path, const char *text)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

int namespaces_new(int flags)
{
	cleanup_free char *uid_map = xasprintf("0 %u 1", geteuid());
	cleanup_free char *gid_map = xasprintf("0 %u 1", getegid());

	if (geteuid() != 0)
		flags |= CLONE_NEWUSER;
	if (unshare(flags) < 0)
		return -errno;
	if (!(flags & CLONE_NEWUSER))
		return 0;
	int r = write_file("/proc/self/setgroups", "deny");
	if (r == 0)
		r = write_file("/proc/self/uid_map", uid_map);
	if (r == 0)
		r = write_file("/proc/self/gid_map", gid_map);
	return r;
}
