/* SPDX-License-Identifier: Apache-2.0 */
#include "run/outcome.h"

#include <sys/wait.h>

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
	if (outcome->stop_signal)
		return 128 + outcome->stop_signal;
	if (outcome_death_signal(outcome))
		return 128 + outcome_death_signal(outcome);
	if (outcome->has_panicked)
		return EXIT_PANIC;
	return WEXITSTATUS(outcome->wait_status);
}
