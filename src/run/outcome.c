/* SPDX-License-Identifier: Apache-2.0 */
#include "run/outcome.h"

#include <stdlib.h>
#include <sys/wait.h>

void outcome_done(struct outcome *outcome)
{
	free(outcome->kernel_obstacle);
	free(outcome->failure);
	free(outcome->last_lines);
	free(outcome->panic);
	*outcome = (struct outcome){ 0 };
}

int outcome_death_signal(const struct outcome *outcome)
{
	return WIFSIGNALED(outcome->wait_status)
		       ? WTERMSIG(outcome->wait_status)
		       : 0;
}

int outcome_exit_status(const struct outcome *outcome)
{
	if (outcome->is_unreaped)
		return EXIT_HOST;
	if (outcome->failure_status)
		return outcome->failure_status;
	if (outcome->stop_signal)
		return 128 + outcome->stop_signal;
	if (outcome->is_command_done)
		return outcome->command_status;
	if (outcome_death_signal(outcome))
		return 128 + outcome_death_signal(outcome);
	if (outcome->has_panicked)
		return EXIT_PANIC;
	/* QEMU's own failures have status 1, too, and come before. */
	int status = WEXITSTATUS(outcome->wait_status);
	if (outcome->has_debug_exit && outcome->is_up && status % 2 == 1)
		return status / 2;
	return status;
}
