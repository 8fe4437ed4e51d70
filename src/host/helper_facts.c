/* SPDX-License-Identifier: Apache-2.0 */
#include "host/helper_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/helper_program.h"
#include "host/program.h"

/* ---- files ---- */

/* Whether the file's capabilities have CAP_NET_ADMIN among the permitted ones:
 * struct vfs_cap_data, little endian. */
static bool has_net_admin(const char *path)
{
	unsigned char data[sizeof(struct vfs_ns_cap_data)];
	const size_t permitted = offsetof(struct vfs_ns_cap_data, data);
	ssize_t n = getxattr(path, "security.capability", data, sizeof(data));

	/* Those of another user namespace cannot be shown in this one. */
	if (n < 0)
		return errno == EOVERFLOW;
	return (size_t)n > permitted + CAP_NET_ADMIN / 8 &&
	       (data[permitted + CAP_NET_ADMIN / 8] &
		(1U << (CAP_NET_ADMIN % 8)));
}

void host_look_at_privileged_file(char *path, struct privileged_file *ret)
{
	struct statvfs fs;
	struct stat st;

	*ret = (struct privileged_file){ .path = path };
	if (!path)
		return;
	if (access(path, X_OK) < 0)
		ret->error = errno;
	if (stat(path, &st) < 0)
		return;
	ret->gives = has_net_admin(path) ||
		     (st.st_uid == 0 && (st.st_mode & S_ISUID));
	ret->is_nosuid = statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOSUID);
	ret->is_roots = st.st_uid == 0 && !(st.st_mode & S_IWOTH) &&
			(st.st_gid == 0 || !(st.st_mode & S_IWGRP));
}

/* Where Debian and Arch Linux have it, and where Fedora and SUSE do. */
static char *find_qemu_helper(void)
{
	static const char *const paths[] = {
		"/usr/lib/qemu/qemu-bridge-helper",
		"/usr/libexec/qemu-bridge-helper",
		"/usr/lib/qemu-bridge-helper",
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (access(paths[i], F_OK) == 0)
			return xstrdup(paths[i]);
	return NULL;
}

/* ---- this process ---- */

static unsigned long read_tracer(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long tracer = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (str_starts(line, "TracerPid:"))
			tracer = strtoul(line + strlen("TracerPid:"), NULL, 10);
	if (file)
		fclose(file);
	return tracer;
}

/* What root starts keeps its privilege, traced or not. */
static bool is_traced(void)
{
	return geteuid() != 0 && read_tracer() != 0;
}

/* The first one maps all there is to itself. */
static bool is_in_user_namespace(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned int inside = 1, outside = 1, count = 0;

	if (!file)
		return false;
	bool is_first = fscanf(file, "%u %u %u", &inside, &outside, &count) ==
				3 &&
			inside == 0 && outside == 0 && count == ~0U;
	fclose(file);
	return !is_first;
}

/* The kernel shows the owner of a namespace to it and to those above it. */
static bool reaches_network(void)
{
	cleanup_close int network =
		open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	cleanup_close int owner = network < 0 ? -1
					      : ioctl(network, NS_GET_USERNS);

	return owner >= 0;
}

static bool is_capable(void)
{
	bool is_kept = geteuid() == 0 ||
		       prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET,
			     CAP_NET_ADMIN, 0, 0) == 1;

	return is_kept && prctl(PR_CAPBSET_READ, CAP_NET_ADMIN) == 1 &&
	       reaches_network();
}

/* A job in the background would be stopped when it asked. */
static bool has_terminal(void)
{
	cleanup_close int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	return fd >= 0 && tcgetpgrp(fd) == getpgrp() &&
	       (isatty(STDIN_FILENO) || isatty(STDERR_FILENO));
}

/* Who 0 is, no file need be read for. */
static char *user_name(void)
{
	if (getuid() == 0)
		return xstrdup("root");

	const struct passwd *user = getpwuid(getuid());

	return user ? xstrdup(user->pw_name) : xasprintf("%u", getuid());
}

/* ---- groups ---- */

static bool is_member(const char *user, gid_t gid)
{
	const struct passwd *entry = getpwnam(user);
	gid_t gids[1024];
	int count = ARRAY_SIZE(gids);

	if (!entry || getgrouplist(user, entry->pw_gid, gids, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (gids[i] == gid)
			return true;
	return false;
}

/* Whose group keeps the user from `path`. */
static void look_at_group(const char *path, struct helper_facts *helper)
{
	struct stat st;

	if (stat(path, &st) < 0 || !(st.st_mode & S_IRWXG))
		return;
	const struct group *group = getgrgid(st.st_gid);
	if (!group || st.st_gid == 0)
		return;
	helper->group = xstrdup(group->gr_name);
	helper->is_member = is_member(helper->user, st.st_gid);
}

void host_look_at_helper(const char *socket, struct helper_facts *ret)
{
	struct helper_facts helper = {
		.is_capable = is_capable(),
		.has_no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
		.is_bounded = prctl(PR_CAPBSET_READ, CAP_NET_ADMIN) == 0,
		.is_in_user_namespace = is_in_user_namespace(),
		.is_traced = is_traced(),
		.has_terminal = has_terminal(),
		.user = user_name(),
		.socket = xstrdup(socket),
		.socket_error = access(socket, W_OK) < 0 ? errno : 0,
	};

	host_look_at_privileged_file(helper_program_find(), &helper.net);
	host_look_at_privileged_file(find_qemu_helper(), &helper.qemu);
	host_look_at_privileged_file(program_find("sudo"), &helper.sudo);
	if (helper.socket_error == EACCES)
		look_at_group(socket, &helper);
	else if (helper.net.error == EACCES)
		look_at_group(helper.net.path, &helper);
	*ret = helper;
}
