/* SPDX-License-Identifier: Apache-2.0 */
/* ovs-vsctl is a shell script here, which notes how it was called. */
#include "run/ovs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"
#include "run/tap_control.h"

/* Knows the bridge br-int, and the ports tap0 (a device) and tap9 (none). */
static const char VSCTL[] = "#!/bin/sh\n"
			    "echo \"$*\" >>\"${0%/*}/log\"\n"
			    "while [ \"$1\" != -- ]; do shift; done\n"
			    "shift\n"
			    "case \"$*\" in\n"
			    "'br-exists br-int') exit 0 ;;\n"
			    "br-exists*) exit 2 ;;\n"
			    "'add-port br-int tap0') ;;\n"
			    "'add-port br-int tap9') ;;\n"
			    "'get Interface tap0 ofport') echo 5 ;;\n"
			    "get*) echo -1 ;;\n"
			    "'del-port br-int '*) ;;\n"
			    "*) echo \"no $2\" >&2; exit 1 ;;\n"
			    "esac\n";

static char *folder;

static int set_up(void **state)
{
	(void)state;
	folder = folder_new();
	free(folder_file(folder, "ovs-vsctl", VSCTL, strlen(VSCTL), 0755));
	cleanup_free char *search = xasprintf("%s:/usr/bin:/bin", folder);
	return setenv("PATH", search, 1);
}

static int tear_down(void **state)
{
	(void)state;
	folder_remove(folder);
	return 0;
}

/* All calls so far. */
static void check_calls(const char *want)
{
	cleanup_free char *path = folder_path(folder, "log");
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buf[1024] = "";

	assert_true(read(fd, buf, sizeof(buf) - 1) >= 0);
	check_text("calls", buf, want);
}

static void test_has_bridge(void **state)
{
	bool has_bridge = false;
	struct err err;

	(void)state;
	check_ok("br-int", ovs_has_bridge(NULL, "br-int", &has_bridge, &err),
		 &err);
	assert_true(has_bridge);
	check_ok("-v", ovs_has_bridge(NULL, "-v", &has_bridge, &err), &err);
	assert_false(has_bridge);
	/* With a deadline, and a name that begins with '-' is a name. */
	check_calls("--timeout=5 -- br-exists br-int\n"
		    "--timeout=5 -- br-exists -v\n");
}

static void test_not_installed(void **state)
{
	bool has_bridge = true;
	struct err err;

	(void)state;
	setenv("PATH", "/nonexistent", 1);
	check_ok("none", ovs_has_bridge(NULL, "br-int", &has_bridge, &err),
		 &err);
	assert_false(has_bridge);
	check_error("add", ovs_add_port(NULL, "br-int", "tap0", &err), &err,
		    -ENOENT,
		    "ovs-vsctl is not installed (package openvswitch-switch or "
		    "openvswitch)");
	check_error("remove", ovs_remove_port(NULL, "br-int", "tap0", &err),
		    &err, -ENOENT,
		    "ovs-vsctl is not installed (package openvswitch-switch or "
		    "openvswitch)");
}

/* The status of add-port is no proof: the port must have a number. */
static void test_add_port(void **state)
{
	struct err err;

	(void)state;
	check_ok("tap0", ovs_add_port(NULL, "br-int", "tap0", &err), &err);
	check_error("tap9", ovs_add_port(NULL, "br-int", "tap9", &err), &err,
		    -EIO, "Open vSwitch has not taken 'tap9' (ofport -1)");
	check_calls("--timeout=5 -- add-port br-int tap0\n"
		    "--timeout=5 -- get Interface tap0 ofport\n"
		    "--timeout=5 -- add-port br-int tap9\n"
		    "--timeout=5 -- get Interface tap9 ofport\n"
		    "--timeout=5 -- del-port br-int tap9\n");
}

/* A port that could not be added may be another's: it is left alone. */
static void test_add_port_refused(void **state)
{
	struct err err;

	(void)state;
	check_error("br9", ovs_add_port(NULL, "br9", "tap0", &err), &err, -EIO,
		    "ovs-vsctl add-port br9 tap0: no br9");
	check_calls("--timeout=5 -- add-port br9 tap0\n");
}

static void test_cleanup(void **state)
{
	static const char *const bad[] = { "", "br-int", "br-int:", ":tap0" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_free char *message =
			xasprintf("'%s' is not BRIDGE:TAP", bad[i]);

		check_error(bad[i], tap_control_ovs_cleanup(NULL, bad[i], &err),
			    &err, -EINVAL, message);
	}
	check_ok("good", tap_control_ovs_cleanup(NULL, "br-int:tap0", &err),
		 &err);
	check_error("other", tap_control_ovs_cleanup(NULL, "br9:tap0", &err),
		    &err, -EIO, "ovs-vsctl del-port br9 tap0: no br9");
	check_calls("--timeout=5 -- del-port br-int tap0\n"
		    "--timeout=5 -- del-port br9 tap0\n");
}

static void test_database(void **state)
{
	static const char db[] = "/tmp/a b.sock";
	bool has_bridge = false;
	struct err err;

	(void)state;
	check_ok("has", ovs_has_bridge(db, "br-int", &has_bridge, &err), &err);
	check_ok("add", ovs_add_port(db, "br-int", "tap0", &err), &err);
	check_ok("clean", tap_control_ovs_cleanup(db, "br-int:tap0", &err),
		 &err);
	check_calls("--timeout=5 --db=unix:/tmp/a b.sock -- br-exists br-int\n"
		    "--timeout=5 --db=unix:/tmp/a b.sock -- add-port br-int "
		    "tap0\n"
		    "--timeout=5 --db=unix:/tmp/a b.sock -- get Interface tap0 "
		    "ofport\n"
		    "--timeout=5 --db=unix:/tmp/a b.sock -- del-port br-int "
		    "tap0\n");
}

/* ovs-vsctl ends itself by SIGALRM when its --timeout has run out. */
static void test_silent_switch(void **state)
{
	static const char script[] = "#!/bin/sh\nkill -ALRM $$\n";
	bool has_bridge = false;
	struct err err;

	(void)state;
	free(folder_file(folder, "ovs-vsctl", script, strlen(script), 0755));
	check_error("silent", ovs_has_bridge(NULL, "br-int", &has_bridge, &err),
		    &err, -ETIMEDOUT,
		    "Open vSwitch does not answer; is ovs-vswitchd running?");
}

#define WITH_VSCTL(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_VSCTL(test_has_bridge),
		WITH_VSCTL(test_not_installed),
		WITH_VSCTL(test_add_port),
		WITH_VSCTL(test_add_port_refused),
		WITH_VSCTL(test_database),
		WITH_VSCTL(test_cleanup),
		WITH_VSCTL(test_silent_switch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
