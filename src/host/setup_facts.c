/* SPDX-License-Identifier: Apache-2.0 */
#include "host/setup_facts.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "host/helper_facts.h"
#include "host/helper_program.h"
#include "spec/helper_way.h"

/* More than that xkvm-net does not read of a list. */
#define LIST_MAX 65536
#define WANTED_BY "/etc/systemd/system/sockets.target.wants/" SETUP_UNIT

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool is_roots_alone(const struct stat *st)
{
	return st->st_uid == 0 && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static bool folder_is_roots(const char *path)
{
	cleanup_free char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	struct stat st;

	if (slash)
		*slash = '\0';
	return stat(*folder ? folder : "/", &st) == 0 && is_roots_alone(&st);
}

static void look_at_program(const struct group *group, struct setup_facts *ret)
{
	struct privileged_file file;
	struct stat st;

	ret->net = helper_program_find();
	host_look_at_privileged_file(xstrdup(ret->net), &file);
	free(file.path);
	ret->net_has_capability = file.gives;
	ret->has_net = stat(ret->net, &st) == 0;
	if (!ret->has_net)
		return;
	ret->net_is_roots = is_roots_alone(&st) && folder_is_roots(ret->net);
	ret->net_is_groups = group && st.st_uid == 0 &&
			     st.st_gid == group->gr_gid &&
			     (st.st_mode & 07777) == 0750;
}

static bool is_member(const struct passwd *user, gid_t gid)
{
	gid_t gids[1024];
	int count = ARRAY_SIZE(gids);

	if (getgrouplist(user->pw_name, user->pw_gid, gids, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (gids[i] == gid)
			return true;
	return false;
}

static void look_at_users(const struct setup_spec *spec,
			  const struct group *group, struct setup_facts *ret)
{
	for (size_t i = 0; i < spec->users.count; i++) {
		const char *name = spec->users.items[i];
		const struct passwd *user = getpwnam(name);

		if (!user)
			str_replace(&ret->stranger, name);
		else if (group && is_member(user, group->gr_gid))
			strv_add(&ret->members, name);
	}
}

static char *read_list(void)
{
	cleanup_close int fd = open(
		SETUP_LIST, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct strbuf sb = STRBUF_INIT;
	char buf[4096];
	ssize_t n;

	if (fd < 0)
		return NULL;
	while (sb.len < LIST_MAX && (n = read(fd, buf, sizeof(buf))) > 0)
		strbuf_add(&sb, buf, (size_t)n);
	return strbuf_detach(&sb);
}

/* systemd.unit(5) has the folders. */
static bool has_unit(void)
{
	static const char *const folders[] = {
		"/etc/systemd/system",		 "/run/systemd/system",
		"/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
		"/lib/systemd/system",
	};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		cleanup_free char *path =
			xasprintf("%s/" SETUP_UNIT, folders[i]);

		if (exists(path))
			return true;
	}
	return false;
}

void host_look_at_setup(const struct setup_spec *spec, struct setup_facts *ret)
{
	const struct group *group = getgrnam(SETUP_GROUP);
	struct setup_facts facts = {
		.has_group = group,
		.has_list = exists(SETUP_LIST),
		.list = read_list(),
		.has_qemu_list = exists(SETUP_QEMU_LIST),
		/* As sd_booted(3) tells it. */
		.has_systemd = exists("/run/systemd/system"),
		.has_unit = has_unit(),
		.unit_listens = exists(WANTED_BY) && exists(HELPER_SOCKET_PATH),
	};

	look_at_program(group, &facts);
	look_at_users(spec, group, &facts);
	*ret = facts;
}
