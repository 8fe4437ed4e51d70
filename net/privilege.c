/* SPDX-License-Identifier: Apache-2.0 */
#include "privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SELF "/proc/self/exe"

/* The bounding set stays: it is about programs started from here, and none is.
 */
static int keep(bool keeps_net_admin)
{
	bool has_it;

	if (capng_get_caps_process() < 0)
		return -1;
	has_it = capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN);
	capng_clear(CAPNG_SELECT_BOTH);
	if (keeps_net_admin && has_it)
		capng_update(CAPNG_ADD, CAPNG_PERMITTED, CAP_NET_ADMIN);
	return capng_apply(CAPNG_SELECT_CAPS);
}

int privilege_keep(void)
{
	return keep(true);
}

int privilege_drop(void)
{
	return keep(false);
}

static int set_effective(capng_act_t act)
{
	if (!capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN))
		return 0;
	capng_update(act, CAPNG_EFFECTIVE, CAP_NET_ADMIN);
	return capng_apply(CAPNG_SELECT_CAPS);
}

bool privilege_raise(void)
{
	return set_effective(CAPNG_ADD) == 0;
}

void privilege_lower(void)
{
	/* Nothing that comes after would be as it is meant. */
	if (set_effective(CAPNG_DROP) < 0)
		abort();
}

/* A number in /proc/self/status; 0 where there is none. */
static unsigned int read_status(const char *key)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	unsigned int number = 0;
	size_t len = strlen(key);

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, len) == 0 && line[len] == ':') {
			number =
				(unsigned int)strtoul(line + len + 1, NULL, 10);
			break;
		}
	}
	if (file)
		fclose(file);
	return number;
}

/* The first one maps all there is to itself. */
bool privilege_is_in_user_namespace(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned int inside = 1, outside = 1, count = 0;
	bool is_first;

	if (!file)
		return false;
	is_first = fscanf(file, "%u %u %u", &inside, &outside, &count) == 3 &&
		   inside == 0 && outside == 0 && count == ~0U;
	fclose(file);
	return !is_first;
}

/* The kernel shows the owner of a namespace to it and to those above it. */
static bool reaches_network(void)
{
	int network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int owner = network < 0 ? -1 : ioctl(network, NS_GET_USERNS);

	if (owner >= 0)
		close(owner);
	if (network >= 0)
		close(network);
	return owner >= 0;
}

void privilege_read(struct privilege_facts *ret, char *path, size_t path_size)
{
	ssize_t len = readlink(SELF, path, path_size - 1);
	struct statvfs fs;

	path[len > 0 ? len : 0] = '\0';
	*ret = (struct privilege_facts){
		.is_permitted =
			capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN),
		.reaches_network = reaches_network(),
		/* That it cannot be shown in this namespace is something. */
		.has_file_capability =
			getxattr(SELF, "security.capability", NULL, 0) >= 0 ||
			errno == EOVERFLOW,
		.is_in_user_namespace = privilege_is_in_user_namespace(),
		.has_no_new_privs = read_status("NoNewPrivs") != 0,
		.is_nosuid = statvfs(SELF, &fs) == 0 && fs.f_flag & ST_NOSUID,
		.is_bounded = prctl(PR_CAPBSET_READ, CAP_NET_ADMIN) == 0,
		.tracer = read_status("TracerPid"),
		.path = *path ? path : "xkvm-net",
	};
}

static const char *permitted_cause(const struct privilege_facts *facts)
{
	if (facts->reaches_network)
		return "though xkvm-net has CAP_NET_ADMIN here; look for a "
		       "security module or a seccomp filter in the way "
		       "('dmesg', 'journalctl -k')";
	return "CAP_NET_ADMIN over this network namespace is missing, which "
	       "belongs to another user namespace; start in one that owns its "
	       "network ('unshare -Urn'), or outside of it";
}

/* It would be there by the file capability, but for something. */
static void explain_ignored(const struct privilege_facts *facts, char *ret)
{
	const char *path = facts->path;

	if (facts->has_no_new_privs)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "no_new_privs is set, under which the file capability "
			 "of %s has no effect; start without it (systemd: "
			 "NoNewPrivileges=no, docker: no "
			 "--security-opt=no-new-privileges, setpriv: no "
			 "--no-new-privs)",
			 path);
	else if (facts->is_nosuid)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "%s is on a file system mounted nosuid, where its "
			 "file capability has no effect; as root: mount -o "
			 "remount,suid \"$(findmnt -no TARGET -T %s)\"",
			 path, path);
	else if (facts->is_bounded)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "the capability bounding set of this process lacks "
			 "CAP_NET_ADMIN; start it with that (docker run "
			 "--cap-add=NET_ADMIN, systemd: "
			 "CapabilityBoundingSet=CAP_NET_ADMIN)");
	else if (facts->is_in_user_namespace)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "in a user namespace the file capability of %s has no "
			 "effect; start outside of it, or in one that owns its "
			 "network ('unshare -Urn')",
			 path);
	else if (facts->tracer)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "process %u traces this one, so the file capability "
			 "of %s has no effect; start it untraced",
			 facts->tracer, path);
	else
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "the file capability of %s is not CAP_NET_ADMIN; as "
			 "root: setcap cap_net_admin+p %s",
			 path, path);
}

void privilege_explain(const struct privilege_facts *facts,
		       char ret[static PRIVILEGE_CAUSE_SIZE])
{
	if (facts->is_permitted)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE, "%s",
			 permitted_cause(facts));
	else if (facts->has_file_capability ||
		 (facts->is_bounded && !facts->is_in_user_namespace))
		explain_ignored(facts, ret);
	else if (facts->is_in_user_namespace)
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "CAP_NET_ADMIN over this network namespace is "
			 "missing; start in a user namespace that owns its "
			 "network ('unshare -Urn'), or outside of any");
	else
		snprintf(ret, PRIVILEGE_CAUSE_SIZE,
			 "CAP_NET_ADMIN over this network namespace is "
			 "missing; run as root, in a user namespace that owns "
			 "its network ('unshare -Urn'), or give %s the file "
			 "capability, as root: setcap cap_net_admin+p %s",
			 facts->path, facts->path);
}
