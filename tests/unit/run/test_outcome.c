/* SPDX-License-Identifier: Apache-2.0 */
#include "run/outcome.h"

#include <signal.h>
#include <sys/wait.h>

#include "check.h"

#define EXITED(n) W_EXITCODE(n, 0)
#define KILLED(n) W_EXITCODE(0, n)

static const struct {
	const char *row;
	struct outcome outcome;
	int status;
	int death;
} rows[] = {
	{ "powered off", { .wait_status = EXITED(0) }, 0, 0 },
	{ "refused an option", { .wait_status = EXITED(1) }, 1, 0 },
	{ "any status of its own", { .wait_status = EXITED(255) }, 255, 0 },
	{ "SIGSEGV", { .wait_status = KILLED(SIGSEGV) }, 139, SIGSEGV },
	{ "SIGABRT, with a core",
	  { .wait_status = KILLED(SIGABRT) | WCOREFLAG },
	  134,
	  SIGABRT },
	{ "SIGKILL", { .wait_status = KILLED(SIGKILL) }, 137, SIGKILL },
	{ "the guest's own",
	  { .wait_status = EXITED(7), .has_debug_exit = true, .is_up = true },
	  3,
	  0 },
	{ "the guest's own 0",
	  { .wait_status = EXITED(1), .has_debug_exit = true, .is_up = true },
	  0,
	  0 },
	{ "powered off instead",
	  { .wait_status = EXITED(0), .has_debug_exit = true, .is_up = true },
	  0,
	  0 },
	{ "refused an option before the guest began",
	  { .wait_status = EXITED(1), .has_debug_exit = true },
	  1,
	  0 },
	{ "panicked",
	  { .wait_status = EXITED(0), .has_panicked = true },
	  126,
	  0 },
	{ "panicked, and killed",
	  { .wait_status = KILLED(SIGKILL), .has_panicked = true },
	  137,
	  SIGKILL },
	{ "told to end",
	  { .wait_status = EXITED(0), .stop_signal = SIGTERM },
	  143,
	  0 },
	{ "Ctrl-C",
	  { .wait_status = EXITED(0), .stop_signal = SIGINT },
	  130,
	  0 },
	{ "told to end, and killed for it",
	  { .wait_status = KILLED(SIGKILL), .stop_signal = SIGHUP },
	  129,
	  SIGKILL },
	{ "told to end, and panicked",
	  { .stop_signal = SIGTERM, .has_panicked = true },
	  143,
	  0 },
	{ "the command's",
	  { .is_command_done = true, .command_status = 7 },
	  7,
	  0 },
	{ "the command's 0, and QEMU killed after it",
	  { .wait_status = KILLED(SIGKILL), .is_command_done = true },
	  0,
	  SIGKILL },
	{ "told to end after the command",
	  { .stop_signal = SIGINT, .is_command_done = true },
	  130,
	  0 },
	{ "cannot be killed",
	  { .stop_signal = SIGTERM, .is_unreaped = true },
	  125,
	  0 },
	{ "never started", { .stop_signal = SIGTERM }, 143, 0 },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		check_number(rows[i].row, outcome_exit_status(&rows[i].outcome),
			     rows[i].status);
		check_number(rows[i].row,
			     outcome_death_signal(&rows[i].outcome),
			     rows[i].death);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
