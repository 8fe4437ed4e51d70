/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/helper.h"

#include <errno.h>

#include "base/strbuf.h"
#include "scene.h"

/* What a host has: a letter for each. */
struct host {
	const char *has;
	enum helper_way asked;
	const char *nic; /* what is after "br0" */
	const char *want; /* the ways; "": none, with a cause */
};

/*
 *	c  this process is capable	d  xkvm-net has the capability
 *	s  the service listens		S  but not to this user
 *	q  QEMU's helper is setuid	u  sudo is, and xkvm-net is root's
 *	b  so, but it is not root's	n  no_new_privs
 *	0  the user is root		x  there is no xkvm-net
 *	e  the bridge is elsewhere	o  the bridge is one of Open vSwitch
 */
static const struct host hosts[] = {
	{ "c", HELPER_AUTO, "", "direct" },
	{ "d", HELPER_AUTO, "", "direct" },
	{ "s", HELPER_AUTO, "", "socket" },
	{ "q", HELPER_AUTO, "", "qemu" },
	{ "u", HELPER_AUTO, "", "sudo" },
	{ "", HELPER_AUTO, "", "" },
	{ "dsqu", HELPER_AUTO, "", "direct socket qemu sudo" },
	/* root needs no sudo. */
	{ "cu0", HELPER_AUTO, "", "direct" },
	{ "u0", HELPER_AUTO, "", "" },
	/* Only the service is not started from here. */
	{ "dsqun", HELPER_AUTO, "", "socket" },
	{ "dqun", HELPER_AUTO, "", "" },
	{ "cn", HELPER_AUTO, "", "direct" },
	{ "Su", HELPER_AUTO, "", "sudo" },
	{ "b", HELPER_AUTO, "", "" },
	{ "b", HELPER_SUDO, "", "sudo" },
	{ "cxq", HELPER_AUTO, "", "qemu" },
	{ "sxu", HELPER_AUTO, "", "socket" },
	/* What QEMU's helper does not know. */
	{ "qu", HELPER_AUTO, ",queues=2", "sudo" },
	{ "qu", HELPER_AUTO, ",tap=t", "sudo" },
	{ "qu", HELPER_AUTO, ",vlan=2", "sudo" },
	{ "qu", HELPER_AUTO, ",trunks=2-3", "sudo" },
	{ "qu", HELPER_AUTO, ",mtu=1400", "sudo" },
	{ "qu", HELPER_AUTO, ",isolated", "sudo" },
	{ "qu", HELPER_AUTO, ",learning=off", "sudo" },
	{ "qu", HELPER_AUTO, ",iface-id=a", "sudo" },
	{ "qo", HELPER_AUTO, "", "" },
	{ "quo", HELPER_AUTO, "", "sudo" },
	{ "q", HELPER_AUTO, ",queues=1", "qemu" },
	/* A bridge that is not here. */
	{ "dsque", HELPER_AUTO, "", "socket" },
	/* What is asked for, is tried. */
	{ "", HELPER_DIRECT, "", "direct" },
	{ "dsqu", HELPER_DIRECT, "", "direct" },
	{ "dx", HELPER_DIRECT, "", "" },
	{ "", HELPER_SOCKET, "", "socket" },
	{ "dsqu", HELPER_SOCKET, "", "socket" },
	{ "dsqu", HELPER_QEMU, "", "qemu" },
	{ "ds", HELPER_QEMU, "", "" },
	{ "dsqu", HELPER_SUDO, "", "sudo" },
	{ "ds", HELPER_SUDO, "", "" },
	{ "un", HELPER_SUDO, "", "" },
};

static void furnish(struct scene *s, const char *has)
{
	struct helper_facts *helper = &s->facts.helper;
	struct bridge_facts *bridge = scene_bridge(s, "br0");
	bool has_sudo = strpbrk(has, "ub");

	bridge->exists = !strchr(has, 'e');
	bridge->is_bridge = !strpbrk(has, "eo");
	bridge->may_be_ovs = strchr(has, 'o');
	helper->user = xstrdup("alice");
	helper->is_capable = strchr(has, 'c');
	helper->has_no_new_privs = strchr(has, 'n');
	helper->net = (struct privileged_file){
		.path = xstrdup("/net"),
		.error = strchr(has, 'x') ? ENOENT : 0,
		.gives = strchr(has, 'd'),
		.is_roots = !strchr(has, 'b'),
	};
	helper->qemu = (struct privileged_file){
		.path = strchr(has, 'q') ? xstrdup("/qemu") : NULL,
		.gives = true,
	};
	helper->sudo = (struct privileged_file){
		.path = has_sudo ? xstrdup("/sudo") : NULL,
		.gives = true,
	};
	helper->socket = xstrdup("/socket");
	helper->socket_error = strchr(has, 's')	  ? 0
			       : strchr(has, 'S') ? EACCES
						  : ENOENT;
	s->facts.uid = strchr(has, '0') ? 0 : 1000;
}

/* A plan with the one tap of that NIC. */
static void set_up(struct scene *s, const char *has, const char *words)
{
	cleanup_free char *arg = xasprintf("br0%s", words);

	scene_init(s);
	scene_nic(s, arg);
	furnish(s, has);
	s->plan.taps = xcalloc(1, sizeof(*s->plan.taps));
	s->plan.tap_count = 1;
	s->plan.taps[0] = (struct plan_tap){
		.netdev = xstrdup("net00"),
		.bridge = xstrdup("br0"),
		.queues = s->spec.nics[0].queues > 1 ? 2 : 1,
		.is_elsewhere = strchr(has, 'e'),
	};
	port_spec_copy(&s->plan.taps[0].port, &s->spec.nics[0].port);
}

static void test_choose(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		const struct host *host = &hosts[i];
		cleanup_free char *row =
			xasprintf("%s%s, %s", host->has, host->nic,
				  helper_way_name(host->asked));
		cleanup_strbuf struct strbuf ways = STRBUF_INIT;
		struct scene s;

		set_up(&s, host->has, host->nic);
		s.spec.helper = host->asked;
		check_ok(row, helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
			 &s.err);
		const struct plan_helper *helper = &s.plan.helper;
		for (size_t j = 0; j < helper->way_count; j++)
			strbuf_addf(&ways, "%s%s", j ? " " : "",
				    helper_way_name(helper->ways[j]));
		check_text(row, strbuf_str(&ways), host->want);
		if (helper->way_count == 0 && !helper->cause)
			fail_msg("%s: nobody, and no cause", row);
		check_text(row, helper->net, "/net");
		check_text(row, helper->socket, "/socket");
		scene_done(&s);
	}
}

/* For what is left of taps QEMU's helper is of no use, and sudo comes after a
 * look that asks nobody. */
static void test_collector(void **state)
{
	static const struct host rows[] = {
		{ "", HELPER_AUTO, "", "direct" },
		{ "q", HELPER_AUTO, "", "direct" },
		{ "c", HELPER_AUTO, "", "direct" },
		{ "s", HELPER_AUTO, "", "socket direct" },
		{ "u", HELPER_AUTO, "", "direct sudo" },
		{ "b", HELPER_AUTO, "", "direct" },
		{ "dsqu", HELPER_AUTO, "", "direct socket sudo" },
		{ "squ", HELPER_AUTO, "", "socket direct sudo" },
		{ "dsqu", HELPER_SOCKET, "", "socket" },
		{ "dsqu", HELPER_SUDO, "", "sudo" },
		{ "", HELPER_SUDO, "", "" },
	};
	struct scene s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_strbuf struct strbuf ways = STRBUF_INIT;

		scene_init(&s);
		furnish(&s, rows[i].has);
		check_ok(rows[i].has,
			 helper_choose_collector(&s.plan, rows[i].asked,
						 &s.facts, &s.err),
			 &s.err);
		const struct plan_helper *helper = &s.plan.helper;
		for (size_t j = 0; j < helper->way_count; j++)
			strbuf_addf(&ways, "%s%s", j ? " " : "",
				    helper_way_name(helper->ways[j]));
		check_text(rows[i].has, strbuf_str(&ways), rows[i].want);
		scene_done(&s);
	}
	scene_init(&s);
	furnish(&s, "q");
	check_error("qemu",
		    helper_choose_collector(&s.plan, HELPER_QEMU, &s.facts,
					    &s.err),
		    &s.err, -EINVAL,
		    "--helper qemu: QEMU's bridge helper removes nothing");
	scene_done(&s);
}

/* Whoever reads the plan sees what that way lacks. */
static void test_note(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s, "q", "");
	check_ok("qemu", helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
		 &s.err);
	cleanup_free char *notes = scene_notes(&s);
	check_text("qemu", notes,
		   "QEMU's bridge helper makes the taps: no quota holds for "
		   "them, and addresses are not looked at; 'xkvm setup' says "
		   "what xkvm-net needs");
	scene_done(&s);
	set_up(&s, "dq", "");
	check_ok("direct", helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
		 &s.err);
	assert_int_equal(s.plan.note_count, 0);
	assert_null(s.plan.helper.cause);
	scene_done(&s);
}

static void test_refuse(void **state)
{
	static const struct {
		const char *nic, *word;
	} rows[] = {
		{ ",queues=2", "queues" },	 { ",vlan=2", "vlan" },
		{ ",trunks=2-3", "trunks" },	 { ",mtu=1400", "mtu" },
		{ ",iface-id=a", "iface-id" },	 { ",isolated", "isolated" },
		{ ",learning=off", "learning" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *text = xasprintf(
			"--helper qemu: net00 says '%s', which QEMU's bridge "
			"helper does not know; only xkvm-net does",
			rows[i].word);
		struct scene s;

		set_up(&s, "q", rows[i].nic);
		s.spec.helper = HELPER_QEMU;
		check_error(rows[i].nic,
			    helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
			    &s.err, -EINVAL, text);
		scene_done(&s);
	}
}

/* Only to an xkvm-net that is started a path can be said. */
static void test_database(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s, "dsqu", "");
	s.plan.ovsdb = xstrdup("/db.sock");
	check_ok("auto", helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
		 &s.err);
	assert_int_equal(s.plan.helper.way_count, 2);
	assert_int_equal(s.plan.helper.ways[0], HELPER_DIRECT);
	assert_int_equal(s.plan.helper.ways[1], HELPER_SUDO);
	scene_done(&s);
	set_up(&s, "dsqu", "");
	s.plan.ovsdb = xstrdup("/db.sock");
	s.spec.helper = HELPER_SOCKET;
	check_error("socket", helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
		    &s.err, -EINVAL,
		    "--helper socket and --ovsdb exclude each other: only an "
		    "xkvm-net that is started hears of the path");
	scene_done(&s);
}

static void test_no_tap(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.spec.helper = HELPER_SUDO;
	check_ok("none", helper_choose(&s.plan, &s.spec, &s.facts, &s.err),
		 &s.err);
	assert_int_equal(s.plan.helper.way_count, 0);
	assert_null(s.plan.helper.cause);
	scene_done(&s);
}

static void test_elsewhere(void **state)
{
	static const struct {
		const char *has;
		enum helper_way asked;
		bool want;
	} rows[] = {
		{ "s", HELPER_AUTO, true },   { "S", HELPER_AUTO, false },
		{ "d", HELPER_AUTO, false },  { "s", HELPER_DIRECT, false },
		{ "s", HELPER_SOCKET, true }, { "", HELPER_SOCKET, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		set_up(&s, rows[i].has, "");
		s.spec.helper = rows[i].asked;
		check_number(rows[i].has,
			     helper_reaches_elsewhere(&s.spec, &s.facts),
			     rows[i].want);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_collector),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_database),
		cmocka_unit_test(test_no_tap),
		cmocka_unit_test(test_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
