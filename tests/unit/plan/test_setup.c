/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/setup.h"

#include <errno.h>

#include "check.h"
#include "scene.h"

#define NET "/usr/libexec/xkvm-net"

/* A host with everything, but for what the row takes away. */
static void set_up(struct setup_facts *facts)
{
	*facts = (struct setup_facts){
		.has_group = true,
		.net = xstrdup(NET),
		.has_net = true,
		.net_is_roots = true,
		.net_is_groups = true,
		.net_has_capability = true,
		.has_list = true,
		.list = xstrdup("allow br0\nallow br1 group:xkvm\n"),
		.has_systemd = true,
		.has_unit = true,
		.unit_listens = true,
	};
}

static void check_text_of(const char *row, const struct setup_facts *facts,
			  const char *users, const char *bridges,
			  const char *want)
{
	struct setup_spec spec = { 0 };
	struct setup_steps steps;
	struct err err;

	scene_words(&spec.users, users);
	scene_words(&spec.bridges, bridges);
	check_ok(row, setup_make(&spec, facts, &steps, &err), &err);
	cleanup_free char *text = setup_text(&steps);
	check_text(row, text, want);
	setup_steps_done(&steps);
	setup_spec_done(&spec);
}

static void test_nothing_missing(void **state)
{
	struct setup_facts facts;

	(void)state;
	set_up(&facts);
	strv_add(&facts.members, "alice");
	check_text_of("all", &facts, "alice", "br1", "# nothing is missing\n");
	setup_facts_done(&facts);
}

#define CHOWN                                                      \
	"# nobody else starts xkvm-net\nchown root:xkvm " NET "\n" \
	"# nor changes it\nchmod 0750 " NET "\n"
#define SETCAP                                          \
	"# it makes taps, and has no other privilege\n" \
	"setcap cap_net_admin+p " NET "\n"
#define HEAD                                                            \
	"# Who may have guests on which bridge: xkvm-bridge.conf(5).\n" \
	"# What no line opens is closed. 'xkvm net check' shows "       \
	"mistakes.\n#\n# allow br0 group:xkvm max=8\n"

/* Each step, alone. */
static void test_each(void **state)
{
	struct setup_facts facts;

	(void)state;
	set_up(&facts);
	facts.has_group = false;
	check_text_of("group", &facts, "", "",
		      "# who is in this group may ask for taps\n"
		      "groupadd --system xkvm\n");
	facts.has_group = true;
	strv_add(&facts.members, "bob");
	check_text_of("user", &facts, "bob alice", "",
		      "# alice may, from the next login on\n"
		      "usermod -aG xkvm alice\n");
	facts.net_has_capability = false;
	check_text_of("capability", &facts, "", "", SETCAP);
	/* chown takes it away. */
	facts.net_has_capability = true;
	facts.net_is_groups = false;
	check_text_of("owner", &facts, "", "", CHOWN SETCAP);
	facts.net_is_groups = true;
	facts.unit_listens = false;
	check_text_of("unit", &facts, "", "",
		      "# the service: for containers, no_new_privs and Open "
		      "vSwitch\nsystemctl enable --now xkvm-net.socket\n");
	setup_facts_done(&facts);
}

static void test_list(void **state)
{
	struct setup_facts facts;

	(void)state;
	set_up(&facts);
	/* A part of a line is not the line. */
	check_text_of("append", &facts, "", "br0 br1 br",
		      "# these bridges are open\n"
		      "cat >>/etc/xkvm/bridge.conf <<'END'\n"
		      "allow br0 group:xkvm\nallow br group:xkvm\nEND\n");
	facts.has_list = false;
	str_replace(&facts.list, NULL);
	check_text_of("create", &facts, "", "",
		      "# for the access list\nmkdir -p -m 0755 /etc/xkvm\n"
		      "# which bridges are open, and to whom: none yet\n"
		      "[ -e /etc/xkvm/bridge.conf ] || install -m 0644 "
		      "/dev/stdin /etc/xkvm/bridge.conf <<'END'\n" HEAD
		      "END\n");
	facts.has_qemu_list = true;
	check_text_of("qemu's", &facts, "", "",
		      "# nothing is missing\n# the access list is "
		      "/etc/qemu/bridge.conf, as long as there is no "
		      "/etc/xkvm/bridge.conf\n");
	check_text_of("instead of qemu's", &facts, "", "br0",
		      "# for the access list\nmkdir -p -m 0755 /etc/xkvm\n"
		      "# which bridges are open, and to whom: these; "
		      "/etc/qemu/bridge.conf is not read any more\n"
		      "[ -e /etc/xkvm/bridge.conf ] || install -m 0644 "
		      "/dev/stdin /etc/xkvm/bridge.conf <<'END'\n" HEAD
		      "allow br0 group:xkvm\nEND\n");
	setup_facts_done(&facts);
}

static void test_remarks(void **state)
{
	struct setup_facts facts;

	(void)state;
	set_up(&facts);
	facts.unit_listens = facts.has_unit = false;
	check_text_of("no unit", &facts, "", "",
		      "# nothing is missing\n# xkvm-net.socket is not "
		      "installed, so there is no service: containers, "
		      "no_new_privs and Open vSwitch need xkvm as root\n");
	facts.has_systemd = false;
	check_text_of("no systemd", &facts, "", "",
		      "# nothing is missing\n# systemd does not run this "
		      "host, so there is no service: containers, "
		      "no_new_privs and Open vSwitch need xkvm as root\n");
	setup_facts_done(&facts);
}

static void test_refuse(void **state)
{
	const struct setup_spec spec = { 0 };
	struct setup_steps steps;
	struct setup_facts facts;
	struct err err;

	(void)state;
	set_up(&facts);
	facts.stranger = xstrdup("nix");
	check_error("stranger", setup_make(&spec, &facts, &steps, &err), &err,
		    -EINVAL, "--user 'nix': there is no such user");
	facts.net_is_roots = false;
	check_error("roots", setup_make(&spec, &facts, &steps, &err), &err,
		    -EPERM,
		    NET " or its folder is not root's alone, so it is no "
			"program to give a privilege to; install xkvm ('ninja "
			"install')");
	facts.has_net = false;
	check_error("missing", setup_make(&spec, &facts, &steps, &err), &err,
		    -ENOENT,
		    "there is no " NET "; install xkvm whole ('ninja "
		    "install')");
	setup_facts_done(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_missing),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_remarks),
		cmocka_unit_test(test_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
