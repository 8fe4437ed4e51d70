/* SPDX-License-Identifier: Apache-2.0 */
#include "gc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	struct link link;
	bool is_abandoned;
} links[] = {
	{ { .is_persistent = true, .alias = "xkvm uid=0" }, true },
	{ { .is_persistent = true, .alias = "xkvm uid=1000 vm=web" }, true },
	/* It goes by itself. */
	{ { .alias = "xkvm uid=0" }, false },
	/* Somebody has it. */
	{ { .is_persistent = true, .has_carrier = true, .alias = "xkvm uid=0" },
	  false },
	/* It was made to stay. */
	{ { .is_persistent = true, .alias = "xkvm uid=0 persist=1" }, false },
	/* It is not ours. */
	{ { .is_persistent = true, .alias = "" }, false },
	{ { .is_persistent = true, .alias = "xkvm" }, false },
	{ { .is_persistent = true, .alias = "xkvm2 uid=0" }, false },
	{ { .is_persistent = true, .alias = "my xkvm uid=0" }, false },
	{ { .is_persistent = true, .name = "xk0123456789" }, false },
};

static void test_abandoned(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (gc_is_abandoned(&links[i].link) != links[i].is_abandoned)
			fail_msg("link %zu, '%s'", i, links[i].link.alias);
}

#define ID "[\"xkvm-id\",\"0\"]"
#define HERE "[\"xkvm-boot\",\"now\"],[\"xkvm-network\",\"1\"]"

/* `tags` of ports, and what becomes of them for all users, and for user 1. */
static const struct {
	const char *tags;
	enum gc_port of_all;
	enum gc_port of_user;
} ports[] = {
	{ ID "," HERE ",[\"xkvm-uid\",\"1\"]", GC_PORT_AS_TAP, GC_PORT_AS_TAP },
	{ ID "," HERE ",[\"xkvm-uid\",\"11\"]", GC_PORT_AS_TAP, GC_PORT_KEPT },
	{ ID "," HERE, GC_PORT_AS_TAP, GC_PORT_KEPT },
	/* Another boot's, of whatever network. */
	{ ID ",[\"xkvm-boot\",\"then\"],[\"xkvm-uid\",\"1\"]", GC_PORT_DEAD,
	  GC_PORT_DEAD },
	{ ID ",[\"xkvm-boot\",\"then\"],[\"xkvm-uid\",\"2\"],"
	     "[\"xkvm-network\",\"9\"]",
	  GC_PORT_DEAD, GC_PORT_KEPT },
	/* Another network's, or nobody knows which. */
	{ ID ",[\"xkvm-boot\",\"now\"],[\"xkvm-network\",\"9\"]", GC_PORT_KEPT,
	  GC_PORT_KEPT },
	{ ID ",[\"xkvm-boot\",\"now\"]", GC_PORT_KEPT, GC_PORT_KEPT },
	/* Not ours. */
	{ HERE, GC_PORT_KEPT, GC_PORT_KEPT },
	{ ID, GC_PORT_KEPT, GC_PORT_KEPT },
	{ "[\"xkvm-boot\",\"then\"],[\"xkvm-uid\",\"1\"]", GC_PORT_KEPT,
	  GC_PORT_KEPT },
	{ "", GC_PORT_KEPT, GC_PORT_KEPT },
};

static void test_ports(void **state)
{
	const struct ovs_owner here = { .boot = "now", .network = "1" };
	const struct gc all = { .is_for_all = true };
	const struct gc user = { .uid = 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		char text[256];
		json_t *tags;

		snprintf(text, sizeof(text), "[\"map\",[%s]]", ports[i].tags);
		tags = json_loads(text, 0, NULL);
		assert_non_null(tags);
		if (gc_judge_port(&all, tags, &here) != ports[i].of_all ||
		    gc_judge_port(&user, tags, &here) != ports[i].of_user)
			fail_msg("port %zu: %s", i, ports[i].tags);
		json_decref(tags);
	}
}

/* Where the kernel names no network, no port is of it. */
static void test_unknown_network(void **state)
{
	const struct ovs_owner here = { .boot = "now", .network = "" };
	const struct gc all = { .is_for_all = true };
	json_t *tags = json_loads("[\"map\",[" ID "," HERE "]]", 0, NULL);

	(void)state;
	assert_int_equal(gc_judge_port(&all, tags, &here), GC_PORT_KEPT);
	json_decref(tags);
}

static void test_clients(void **state)
{
	struct gc gc = gc_of_client(4711);

	(void)state;
	assert_false(gc.is_for_all);
	assert_int_equal(gc.uid, 4711);
	gc = gc_of_client(getuid());
	assert_int_equal(gc.is_for_all, getuid() == 0);
	assert_int_equal(gc.uid, getuid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_abandoned),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_unknown_network),
		cmocka_unit_test(test_clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
