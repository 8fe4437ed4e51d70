/* SPDX-License-Identifier: Apache-2.0 */
#include "privilege.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define PATH "/p/xkvm-net"

static const struct {
	struct privilege_facts facts;
	const char *cause;
} causes[] = {
	{ { .is_permitted = true, .reaches_network = true, .path = PATH },
	  "though xkvm-net has CAP_NET_ADMIN here; look for a security module "
	  "or a seccomp filter in the way ('dmesg', 'journalctl -k')" },
	{ { .is_permitted = true, .is_in_user_namespace = true, .path = PATH },
	  "CAP_NET_ADMIN over this network namespace is missing, which belongs "
	  "to another user namespace; start in one that owns its network "
	  "('unshare -Urn'), or outside of it" },
	{ { .path = PATH },
	  "CAP_NET_ADMIN over this network namespace is missing; run as root, "
	  "in a user namespace that owns its network ('unshare -Urn'), or give " PATH
	  " the file capability, as root: setcap cap_net_admin+p " PATH },
	/* Without a file capability, no_new_privs and nosuid do nothing. */
	{ { .has_no_new_privs = true, .is_nosuid = true, .path = PATH },
	  "CAP_NET_ADMIN over this network namespace is missing; run as root, "
	  "in a user namespace that owns its network ('unshare -Urn'), or give " PATH
	  " the file capability, as root: setcap cap_net_admin+p " PATH },
	{ { .is_in_user_namespace = true, .path = PATH },
	  "CAP_NET_ADMIN over this network namespace is missing; start in a "
	  "user namespace that owns its network ('unshare -Urn'), or outside "
	  "of any" },
	{ { .has_file_capability = true,
	    .has_no_new_privs = true,
	    .is_nosuid = true,
	    .path = PATH },
	  "no_new_privs is set, under which the file capability of " PATH
	  " has no effect; start without it (systemd: NoNewPrivileges=no, "
	  "docker: no --security-opt=no-new-privileges, setpriv: no "
	  "--no-new-privs)" },
	{ { .has_file_capability = true, .is_nosuid = true, .path = PATH },
	  PATH " is on a file system mounted nosuid, where its file capability "
	       "has no effect; as root: mount -o remount,suid \"$(findmnt -no "
	       "TARGET -T " PATH ")\"" },
	{ { .has_file_capability = true, .is_bounded = true, .path = PATH },
	  "the capability bounding set of this process lacks CAP_NET_ADMIN; "
	  "start it with that (docker run --cap-add=NET_ADMIN, systemd: "
	  "CapabilityBoundingSet=CAP_NET_ADMIN)" },
	/* So it is for root in a container. */
	{ { .is_bounded = true, .path = PATH },
	  "the capability bounding set of this process lacks CAP_NET_ADMIN; "
	  "start it with that (docker run --cap-add=NET_ADMIN, systemd: "
	  "CapabilityBoundingSet=CAP_NET_ADMIN)" },
	{ { .has_file_capability = true,
	    .is_in_user_namespace = true,
	    .path = PATH },
	  "in a user namespace the file capability of " PATH " has no effect; "
	  "start outside of it, or in one that owns its network "
	  "('unshare -Urn')" },
	{ { .has_file_capability = true, .tracer = 7, .path = PATH },
	  "process 7 traces this one, so the file capability of " PATH
	  " has no effect; start it untraced" },
	{ { .has_file_capability = true, .path = PATH },
	  "the file capability of " PATH " is not CAP_NET_ADMIN; as root: "
	  "setcap cap_net_admin+p " PATH },
};

static void test_explain(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		char cause[PRIVILEGE_CAUSE_SIZE];

		privilege_explain(&causes[i].facts, cause);
		assert_string_equal(cause, causes[i].cause);
	}
}

/* What this test itself is, in ways that do not depend on who runs it. */
static void test_read(void **state)
{
	struct privilege_facts facts;
	char path[256];

	(void)state;
	assert_int_equal(privilege_drop(), 0);
	privilege_read(&facts, path, sizeof(path));
	assert_false(facts.is_permitted);
	assert_false(facts.has_file_capability);
	assert_non_null(strstr(facts.path, "test-net-privilege"));
	/* There is nothing to raise, and that is no fault. */
	assert_true(privilege_raise());
	privilege_lower();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
