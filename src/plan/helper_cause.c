/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/helper_cause.h"

#include <errno.h>

#include "base/mem.h"

#define SET_UP "as root, once: xkvm setup --apply"

/* What keeps every program from gaining a privilege, most telling first. */
enum obstacle {
	OBSTACLE_NONE,
	OBSTACLE_NO_NEW_PRIVS,
	OBSTACLE_NOSUID,
	OBSTACLE_BOUNDED,
	OBSTACLE_USER_NAMESPACE,
	OBSTACLE_TRACED,
};

static enum obstacle obstacle_of(const struct helper_facts *helper,
				 const struct privileged_file *file)
{
	if (helper->has_no_new_privs)
		return OBSTACLE_NO_NEW_PRIVS;
	if (file->is_nosuid)
		return OBSTACLE_NOSUID;
	if (helper->is_bounded)
		return OBSTACLE_BOUNDED;
	if (helper->is_in_user_namespace)
		return OBSTACLE_USER_NAMESPACE;
	if (helper->is_traced)
		return OBSTACLE_TRACED;
	return OBSTACLE_NONE;
}

bool helper_gains(const struct helper_facts *helper,
		  const struct privileged_file *file)
{
	return file->gives && obstacle_of(helper, file) == OBSTACLE_NONE;
}

static char *obstacle_text(enum obstacle obstacle, const char *path)
{
	switch (obstacle) {
	case OBSTACLE_NO_NEW_PRIVS:
		return xasprintf("no_new_privs is set for this process, so %s "
				 "gains no privilege; start without it "
				 "(systemd: NoNewPrivileges=no, docker: no "
				 "--security-opt=no-new-privileges), or have "
				 "the service, which does not mind; " SET_UP,
				 path);
	case OBSTACLE_NOSUID:
		return xasprintf("%s is on a file system mounted nosuid, and "
				 "gains no privilege there; as root: mount -o "
				 "remount,suid \"$(findmnt -no TARGET -T %s)\"",
				 path, path);
	case OBSTACLE_BOUNDED:
		return xasprintf(
			"the capability bounding set of this process "
			"lacks CAP_NET_ADMIN; start it with that "
			"(docker run --cap-add=NET_ADMIN, systemd: "
			"CapabilityBoundingSet=CAP_NET_ADMIN), or "
			"have the service, which does not mind; " SET_UP);
	case OBSTACLE_USER_NAMESPACE:
		return xasprintf(
			"in this user namespace %s gains no "
			"privilege; start outside of it, or in one "
			"that owns its network ('unshare -Urn'), or "
			"have the service, which does not mind; " SET_UP,
			path);
	case OBSTACLE_TRACED:
		return xasprintf("this process is traced, so %s gains no "
				 "privilege; start it untraced",
				 path);
	case OBSTACLE_NONE:
		break;
	}
	return NULL;
}

/* `what` is open to a group that the user is not in. */
static char *not_in_group(const struct helper_facts *helper, const char *what)
{
	if (!helper->group)
		return xasprintf("user %s may not use %s; " SET_UP,
				 helper->user, what);
	if (helper->is_member)
		return xasprintf("user %s is in the group %s, to which %s is "
				 "open, but this login is older than that; "
				 "log in again",
				 helper->user, helper->group, what);
	return xasprintf("user %s is not in the group %s, to which %s is open; "
			 "as root: usermod -aG %s %s, then log in again",
			 helper->user, helper->group, what, helper->group,
			 helper->user);
}

static char *missing(const struct helper_facts *helper)
{
	return xasprintf("there is no %s; install xkvm whole",
			 helper->net.path);
}

static char *direct_cause(const struct helper_facts *helper)
{
	const struct privileged_file *net = &helper->net;

	if (net->error == EACCES)
		return not_in_group(helper, net->path);
	if (net->error)
		return missing(helper);
	enum obstacle obstacle = obstacle_of(helper, net);
	char *text = NULL;
	/* These two are in the way of a file without the capability as well. */
	if (net->gives || obstacle == OBSTACLE_BOUNDED ||
	    obstacle == OBSTACLE_USER_NAMESPACE)
		text = obstacle_text(obstacle, net->path);
	return text ? text
		    : xasprintf("%s has no file capability; " SET_UP,
				net->path);
}

static char *socket_cause(const struct helper_facts *helper)
{
	if (helper->socket_error == EACCES)
		return not_in_group(helper, helper->socket);
	return xasprintf("xkvm-net does not listen on %s (%s); " SET_UP,
			 helper->socket, strerrordesc_np(helper->socket_error));
}

static char *sudo_cause(const struct helper_facts *helper)
{
	if (!helper->sudo.path)
		return xstrdup("sudo is not installed");
	if (helper->net.error == ENOENT)
		return missing(helper);
	char *text = obstacle_text(obstacle_of(helper, &helper->sudo),
				   helper->sudo.path);
	return text ? text
		    : xasprintf("%s is not setuid root", helper->sudo.path);
}

static char *qemu_cause(const struct helper_facts *helper)
{
	const struct privileged_file *qemu = &helper->qemu;

	if (!qemu->path)
		return xstrdup("QEMU's bridge helper is not installed");
	if (qemu->error)
		return xasprintf("user %s may not start %s", helper->user,
				 qemu->path);
	char *text = qemu->gives ? obstacle_text(obstacle_of(helper, qemu),
						 qemu->path)
				 : NULL;
	return text ? text
		    : xasprintf("%s is not setuid root; as root: chmod u+s %s",
				qemu->path, qemu->path);
}

/* What has been set up, and is not for this user or this process, says more
 * than what has not. */
static char *any_cause(const struct helper_facts *helper)
{
	if (helper->socket_error == EACCES)
		return socket_cause(helper);
	if (helper->net.error || helper->net.gives)
		return direct_cause(helper);
	if (helper->is_bounded || helper->is_in_user_namespace)
		return direct_cause(helper);
	return xasprintf("%s has no file capability, and no service listens on "
			 "%s; " SET_UP,
			 helper->net.path, helper->socket);
}

char *helper_cause(enum helper_way way, const struct helper_facts *helper)
{
	switch (way) {
	case HELPER_DIRECT:
		return direct_cause(helper);
	case HELPER_SOCKET:
		return socket_cause(helper);
	case HELPER_QEMU:
		return qemu_cause(helper);
	case HELPER_SUDO:
		return sudo_cause(helper);
	case HELPER_AUTO:
		break;
	}
	return any_cause(helper);
}
