/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ratio RUNS -- COMMAND... -- BASE...: how much longer COMMAND takes than BASE.
 *
 * Runs both in turn, RUNS times, so that whatever else the machine does hits
 * both alike, and prints one line with tabs: the median of each in ms, the
 * median of the ratios and their quartiles. Their output goes to /dev/null; a
 * command that fails ends it.
 */
#include "spread.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static double run(char **argv)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	double start = now_ms();
	int error = !argv[0] ||
		    posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	if (error || waitpid(pid, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "ratio: '%s' failed\n", argv[0] ? argv[0] : "");
		exit(1);
	}
	double end = now_ms();
	posix_spawn_file_actions_destroy(&actions);
	return end - start;
}

int main(int argc, char **argv)
{
	size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	int second = 3;

	while (second < argc && strcmp(argv[second], "--") != 0)
		second++;
	if (runs == 0 || argc < 6 || strcmp(argv[2], "--") != 0 ||
	    second + 1 >= argc) {
		fputs("usage: ratio RUNS -- COMMAND... -- BASE...\n", stderr);
		return 2;
	}
	argv[second] = NULL;
	struct spread spread;
	if (spread_init(&spread, runs) < 0)
		return 1;
	for (size_t i = 0; i < runs; i++) {
		double ms = run(argv + 3);

		spread_add(&spread, ms, run(argv + second + 1));
	}
	spread_print(&spread);
	spread_done(&spread);
	return 0;
}
