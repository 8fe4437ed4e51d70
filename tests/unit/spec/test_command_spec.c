/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/command_spec.h"

#include <errno.h>

#include "check.h"

static void test_ways(void **state)
{
	enum command_way way = COMMAND_BY_SSH;
	struct err err;

	(void)state;
	check_ok("auto", command_way_parse("auto", &way, &err), &err);
	assert_int_equal(way, COMMAND_BY_ANY);
	check_ok("agent", command_way_parse("agent", &way, &err), &err);
	assert_int_equal(way, COMMAND_BY_AGENT);
	check_ok("ssh", command_way_parse("ssh", &way, &err), &err);
	assert_int_equal(way, COMMAND_BY_SSH);
	check_error("other", command_way_parse("SSH", &way, &err), &err,
		    -EINVAL, "unknown way 'SSH'; use auto, agent or ssh");
}

static char text[] = "id", empty[] = "", user[] = "u", option[] = "-oX";

static const struct {
	struct command_spec command;
	const char *message; /* NULL: it is good */
	bool by_agent, by_ssh;
} rows[] = {
	{ { NULL, COMMAND_BY_ANY, NULL }, NULL, false, false },
	{ { text, COMMAND_BY_ANY, NULL }, NULL, true, true },
	{ { text, COMMAND_BY_AGENT, NULL }, NULL, true, false },
	{ { text, COMMAND_BY_SSH, NULL }, NULL, false, true },
	{ { text, COMMAND_BY_SSH, user }, NULL, false, true },
	{ { text, COMMAND_BY_ANY, user }, NULL, false, true },
	{ { NULL, COMMAND_BY_SSH, NULL },
	  "--run-by is about the command of --run, and there is none",
	  false,
	  false },
	{ { NULL, COMMAND_BY_ANY, user },
	  "--ssh-user is about the command of --run, and there is none",
	  false,
	  false },
	{ { empty, COMMAND_BY_ANY, NULL },
	  "--run '': give a command for the guest's shell",
	  false,
	  false },
	{ { text, COMMAND_BY_ANY, option },
	  "--ssh-user '-oX': no user's name",
	  false,
	  false },
	{ { text, COMMAND_BY_ANY, empty },
	  "--ssh-user '': no user's name",
	  false,
	  false },
	{ { text, COMMAND_BY_AGENT, user },
	  "--ssh-user and --run-by agent exclude each other: the agent runs "
	  "commands as root",
	  false,
	  false },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct command_spec *command = &rows[i].command;
		cleanup_free char *row = xasprintf("row %zu", i);
		struct err err;
		int r = command_spec_check(command, &err);

		if (rows[i].message) {
			check_error(row, r, &err, -EINVAL, rows[i].message);
			continue;
		}
		check_ok(row, r, &err);
		check_number(row, command_may_go(command, COMMAND_BY_AGENT),
			     rows[i].by_agent);
		check_number(row, command_may_go(command, COMMAND_BY_SSH),
			     rows[i].by_ssh);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
