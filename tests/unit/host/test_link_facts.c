/* SPDX-License-Identifier: Apache-2.0 */
#include "host/link_facts.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "namespaces.h"

/* In a network of its own, which only lo is in. */
static int set_up(void **state)
{
	(void)state;
	if (namespaces_new(CLONE_NEWNET) < 0) {
		print_message("no network namespace can be made here\n");
		_exit(77);
	}
	return system("ip link add br0 type bridge && "
		      "ip link add port0 type veth peer name port1 && "
		      "ip link set port0 master br0 && "
		      "ip link add 012345678901234 type bridge");
}

static const struct {
	const char *name;
	bool exists, is_bridge;
} rows[] = {
	{ "br0", true, true },
	{ "012345678901234", true, true },
	{ "lo", true, false },
	{ "port0", true, false }, /* a port is no bridge */
	{ "br", false, false },
	{ "br00", false, false },
	{ "BR0", false, false },
	{ "virbr0", false, false },
};

static void test_look_up(void **state)
{
	cleanup_strv struct strv names = STRV_INIT;
	struct facts facts = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		strv_add(&names, rows[i].name);
	host_look_at_bridges(&names, &facts);
	assert_int_equal(facts.bridge_count, ARRAY_SIZE(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].name;

		check_text(row, facts.bridges[i].name, row);
		check_number(row, facts.bridges[i].exists, rows[i].exists);
		check_number(row, facts.bridges[i].is_bridge,
			     rows[i].is_bridge);
	}
	facts_done(&facts);
}

static void test_nothing_asked(void **state)
{
	struct strv none = STRV_INIT;
	struct facts facts = { 0 };

	(void)state;
	host_look_at_bridges(&none, &facts);
	assert_int_equal(facts.bridge_count, 0);
	assert_null(facts.bridges);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look_up),
		cmocka_unit_test(test_nothing_asked),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
