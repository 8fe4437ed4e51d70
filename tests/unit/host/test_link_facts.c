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
		      "ip link add lone type bridge && "
		      "ip link add stp type bridge forward_delay 500 "
		      "stp_state 1 && "
		      "ip link add wait type bridge forward_delay 500 && "
		      "ip link add cut type bridge && "
		      "ip link add guests type bridge && "
		      "ip link add p0 type veth peer name p1 && "
		      "ip link set p0 up master cut && "
		      "ip tuntap add dev t0 mode tap && "
		      "ip link set t0 up master guests && "
		      "for b in stp wait cut guests lone; do "
		      "ip link set $b up || exit; done && "
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

static const struct {
	const char *name;
	bool is_down, lacks_carrier;
	unsigned int port_delay_ms;
} bridges[] = {
	{ "br0", .is_down = true },
	{ "lone", false }, /* without a port it still goes nowhere */
	{ "stp", .port_delay_ms = 10000 },
	{ "wait", false }, /* measured: a port waits for STP alone */
	{ "cut", .lacks_carrier = true },
	{ "guests", false }, /* a guest's tap leads nowhere else */
};

static void test_bridges(void **state)
{
	cleanup_strv struct strv names = STRV_INIT;
	struct facts facts = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i++)
		strv_add(&names, bridges[i].name);
	host_look_at_bridges(&names, &facts);
	for (size_t i = 0; i < ARRAY_SIZE(bridges); i++) {
		const struct bridge_facts *bridge = &facts.bridges[i];
		const char *row = bridges[i].name;

		check_number(row, bridge->is_bridge, true);
		check_number(row, bridge->is_down, bridges[i].is_down);
		check_number(row, bridge->lacks_carrier,
			     bridges[i].lacks_carrier);
		check_number(row, bridge->port_delay_ms,
			     bridges[i].port_delay_ms);
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
		cmocka_unit_test(test_bridges),
		cmocka_unit_test(test_nothing_asked),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
