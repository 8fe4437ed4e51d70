/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/helper_cause.h"

#include <errno.h>

#include "check.h"

#define NET "/usr/libexec/xkvm-net"
#define SOCKET "/run/net.socket"
#define SET_UP "as root, once: xkvm setup --apply"

/* A host where nothing is set up, for the ordinary user alice. */
static struct helper_facts bare_host(void)
{
	static char net[] = NET, socket[] = SOCKET, user[] = "alice";

	return (struct helper_facts){
		.user = user,
		.net = { .path = net },
		.socket = socket,
		.socket_error = ENOENT,
	};
}

static void check_cause(const char *row, enum helper_way way,
			const struct helper_facts *facts, const char *want)
{
	cleanup_free char *text = helper_cause(way, facts);

	check_text(row, text, want);
}

/* What is in the way of a file with the capability, in the order in which one
 * outdoes the other. */
static void test_obstacles(void **state)
{
	struct helper_facts facts = bare_host();

	(void)state;
	facts.net.gives = true;
	assert_true(helper_gains(&facts, &facts.net));
	facts.is_traced = true;
	assert_false(helper_gains(&facts, &facts.net));
	check_cause("traced", HELPER_AUTO, &facts,
		    "this process is traced, so " NET " gains no privilege; "
		    "start it untraced");
	facts.is_in_user_namespace = true;
	check_cause(
		"user namespace", HELPER_AUTO, &facts,
		"in this user namespace " NET " gains no privilege; start "
		"outside of it, or in one that owns its network ('unshare "
		"-Urn'), or have the service, which does not mind; " SET_UP);
	facts.is_bounded = true;
	check_cause("bounded", HELPER_AUTO, &facts,
		    "the capability bounding set of this process lacks "
		    "CAP_NET_ADMIN; start it with that (docker run "
		    "--cap-add=NET_ADMIN, systemd: "
		    "CapabilityBoundingSet=CAP_NET_ADMIN), or have the "
		    "service, which does not mind; " SET_UP);
	facts.net.is_nosuid = true;
	check_cause("nosuid", HELPER_DIRECT, &facts,
		    NET " is on a file system mounted nosuid, and gains no "
			"privilege there; as root: mount -o remount,suid "
			"\"$(findmnt -no TARGET -T " NET ")\"");
	facts.has_no_new_privs = true;
	check_cause("no_new_privs", HELPER_DIRECT, &facts,
		    "no_new_privs is set for this process, so " NET " gains "
		    "no privilege; start without it (systemd: "
		    "NoNewPrivileges=no, docker: no "
		    "--security-opt=no-new-privileges), or have the service, "
		    "which does not mind; " SET_UP);
	assert_false(helper_gains(&facts, &facts.net));
}

static void test_nothing_set_up(void **state)
{
	struct helper_facts facts = bare_host();

	(void)state;
	assert_false(helper_gains(&facts, &facts.net));
	check_cause("auto", HELPER_AUTO, &facts,
		    NET
		    " has no file capability, and no service listens on " SOCKET
		    "; " SET_UP);
	check_cause("direct", HELPER_DIRECT, &facts,
		    NET " has no file capability; " SET_UP);
	check_cause("socket", HELPER_SOCKET, &facts,
		    "xkvm-net does not listen on " SOCKET
		    " (No such file or directory); " SET_UP);
	check_cause("sudo", HELPER_SUDO, &facts, "sudo is not installed");
	check_cause("qemu", HELPER_QEMU, &facts,
		    "QEMU's bridge helper is not installed");
	/* To set up the file would be in vain here. */
	facts.has_no_new_privs = true;
	check_cause("no_new_privs", HELPER_DIRECT, &facts,
		    NET " has no file capability; " SET_UP);
	facts.has_no_new_privs = false;
	facts.is_bounded = true;
	cleanup_free char *text = helper_cause(HELPER_AUTO, &facts);
	assert_non_null(strstr(text, "bounding set"));
	facts.net.error = ENOENT;
	check_cause("missing", HELPER_AUTO, &facts,
		    "there is no " NET "; install xkvm whole");
}

static void test_group(void **state)
{
	char group[] = "xkvm";
	struct helper_facts facts = bare_host();

	(void)state;
	facts.net.error = EACCES;
	check_cause("no group", HELPER_AUTO, &facts,
		    "user alice may not use " NET "; " SET_UP);
	facts.group = group;
	check_cause("file", HELPER_AUTO, &facts,
		    "user alice is not in the group xkvm, to which " NET
		    " is open; as root: usermod -aG xkvm alice, then log in "
		    "again");
	/* The socket says it best. */
	facts.socket_error = EACCES;
	facts.has_no_new_privs = true;
	check_cause("socket", HELPER_AUTO, &facts,
		    "user alice is not in the group xkvm, to which " SOCKET
		    " is open; as root: usermod -aG xkvm alice, then log in "
		    "again");
	facts.is_member = true;
	check_cause("member", HELPER_SOCKET, &facts,
		    "user alice is in the group xkvm, to which " SOCKET
		    " is open, but this login is older than that; log in "
		    "again");
}

static void test_other_programs(void **state)
{
	char sudo[] = "/bin/sudo", qemu[] = "/lib/qemu-bridge-helper";
	struct helper_facts facts = bare_host();

	(void)state;
	facts.sudo.path = sudo;
	facts.qemu.path = qemu;
	check_cause("sudo", HELPER_SUDO, &facts,
		    "/bin/sudo is not setuid root");
	check_cause("qemu", HELPER_QEMU, &facts,
		    "/lib/qemu-bridge-helper is not setuid root; as root: "
		    "chmod u+s /lib/qemu-bridge-helper");
	facts.has_no_new_privs = facts.sudo.gives = facts.qemu.gives = true;
	for (enum helper_way way = HELPER_QEMU; way <= HELPER_SUDO; way++) {
		cleanup_free char *text = helper_cause(way, &facts);

		assert_non_null(strstr(text, "no_new_privs is set"));
	}
	facts.qemu.error = EACCES;
	check_cause("qemu", HELPER_QEMU, &facts,
		    "user alice may not start /lib/qemu-bridge-helper");
	facts.net.error = ENOENT;
	check_cause("nothing for sudo", HELPER_SUDO, &facts,
		    "there is no " NET "; install xkvm whole");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_obstacles),
		cmocka_unit_test(test_nothing_set_up),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_other_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
