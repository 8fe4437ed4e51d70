/* SPDX-License-Identifier: Apache-2.0 */
/*
 * series COUNT WIDTH -- COMMAND...: starts COMMAND COUNT times, WIDTH of them
 * at a time, and prints one line with tabs: how long the whole took by COUNT,
 * the median time of the first tenth and of the last one, in ms, and the median
 * number of page faults, without those that read a disk. Their output goes to
 * /dev/null; a command that fails ends it.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

struct start {
	pid_t pid;
	double begin;
};

struct series {
	char **argv;
	struct start *running; /* WIDTH of them; pid 0: none */
	size_t width;
	double *times; /* by the order of their ends */
	double *faults;
	size_t ended;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void die(const char *what)
{
	fprintf(stderr, "series: %s\n", what);
	exit(1);
}

static void start_one(struct series *s, struct start *start)
{
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null",
						 O_RDWR, 0);
	start->begin = now_ms();
	if (posix_spawnp(&start->pid, s->argv[0], &actions, NULL, s->argv,
			 environ) != 0)
		die("the command cannot be started");
	posix_spawn_file_actions_destroy(&actions);
}

/* Waits for one of them to end, and returns its place. */
static struct start *await_one(struct series *s)
{
	struct rusage usage;
	int status;
	pid_t pid = wait4(-1, &status, 0, &usage);

	if (pid < 0 || status != 0)
		die("the command failed");
	for (size_t i = 0; i < s->width; i++) {
		if (s->running[i].pid != pid)
			continue;
		s->times[s->ended] = now_ms() - s->running[i].begin;
		s->faults[s->ended++] = (double)usage.ru_minflt;
		s->running[i].pid = 0;
		return &s->running[i];
	}
	die("a child that is none");
	return NULL;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(double), compare);
	return values[count / 2];
}

static void print(struct series *s, double total)
{
	size_t tenth = s->ended / 10 ? s->ended / 10 : 1;
	double first = median(s->times, tenth);
	double last = median(s->times + s->ended - tenth, tenth);

	printf("%.3f\t%.3f\t%.3f\t%.0f\n", total / (double)s->ended, first,
	       last, median(s->faults, s->ended));
}

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	size_t width = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (count == 0 || width == 0 || width > count || argc < 5 ||
	    strcmp(argv[3], "--") != 0) {
		fputs("usage: series COUNT WIDTH -- COMMAND...\n", stderr);
		return 2;
	}
	struct series s = {
		.argv = argv + 4,
		.width = width,
		.running = calloc(width, sizeof(*s.running)),
		.times = calloc(count, sizeof(double)),
		.faults = calloc(count, sizeof(double)),
	};
	if (!s.running || !s.times || !s.faults)
		return 1;
	double begin = now_ms();
	for (size_t i = 0; i < width; i++)
		start_one(&s, &s.running[i]);
	for (size_t i = width; i < count; i++)
		start_one(&s, await_one(&s));
	while (s.ended < count)
		await_one(&s);
	print(&s, now_ms() - begin);
	free(s.running);
	free(s.times);
	free(s.faults);
	return 0;
}
