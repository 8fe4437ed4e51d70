/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ratio [-p] RUNS -- COMMAND... -- BASE...: how much longer COMMAND takes than
 * BASE.
 *
 * Runs both in turn, RUNS times, so that whatever else the machine does hits
 * both alike, and prints the line of spread_print(). Taken is the time to a
 * command's end, or, with -p, to the one that it prints, by the same clock
 * (stand_in.c). What else they say goes to /dev/null; a command that fails ends
 * it.
 */
#include "spread.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void fail(char **argv)
{
	fprintf(stderr, "ratio: '%s' failed\n", argv[0] ? argv[0] : "");
	exit(1);
}

/* Output goes to the descriptor `output`. */
static pid_t start(char **argv, int output)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (!argv[0] ||
	    posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		fail(argv);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void await_end(char **argv, pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0 || status != 0)
		fail(argv);
}

static double time_to_end(char **argv)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	double begin = now_ms();

	await_end(argv, start(argv, nowhere));
	double end = now_ms();
	close(nowhere);
	return end - begin;
}

/* The next run begins when this one has ended, too. */
static double time_to_print(char **argv)
{
	char text[64] = "";
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		fail(argv);
	double begin = now_ms();
	pid_t pid = start(argv, ends[1]);
	close(ends[1]);
	if (read(ends[0], text, sizeof(text) - 1) <= 0)
		fail(argv);
	await_end(argv, pid);
	close(ends[0]);
	return strtod(text, NULL) - begin;
}

int main(int argc, char **argv)
{
	double (*measure)(char **) = time_to_end;
	size_t runs;
	int second;

	if (argc > 1 && strcmp(argv[1], "-p") == 0) {
		measure = time_to_print;
		argc--;
		argv++;
	}
	runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	second = 3;
	while (second < argc && strcmp(argv[second], "--") != 0)
		second++;
	if (runs == 0 || argc < 6 || strcmp(argv[2], "--") != 0 ||
	    second + 1 >= argc) {
		fputs("usage: ratio [-p] RUNS -- COMMAND... -- BASE...\n",
		      stderr);
		return 2;
	}
	argv[second] = NULL;
	struct spread spread;
	if (spread_init(&spread, runs) < 0)
		return 1;
	for (size_t i = 0; i < runs; i++) {
		double ms = measure(argv + 3);

		spread_add(&spread, ms, measure(argv + second + 1));
	}
	spread_print(&spread);
	spread_done(&spread);
	return 0;
}
