/* SPDX-License-Identifier: Apache-2.0 */
/*
 * taps RUNS make|remove COUNT BRIDGE WAY WAY: how much longer one way to make,
 * or to remove, COUNT taps on a bridge takes than another. Does both in turn,
 * RUNS times, and prints what ratio.c prints. BRIDGE is the name of a Linux
 * bridge, or DATABASE:NAME, the socket and the name of one of Open vSwitch.
 *
 * To make them:
 *	loop		a loop of ioctl and netlink in this process; with Open
 *			vSwitch, one transaction for all
 *	request		$XKVM_NET is started, and asked for them, to its DONE
 *	sh:COMMAND	a command that makes persistent ones
 * To remove them:
 *	close		they are closed one after the other, in this process
 *	group		one request of netlink for their device group
 *	undo		the client of xkvm-net leaves before COMMIT
 *	lifeline	the client ends its lifeline, as xkvm does at the end
 *			of QEMU, and waits for the guardian
 *
 * After each, what there is goes, without being timed. $BENCH_CLEAN is a
 * command that helps with that.
 */
#include "taps.h"

#include "spread.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP 0x786b

static void run_shell(const char *command)
{
	if (system(command) != 0) /* NOLINT(*-env33-c): it is for that */
		errx(1, "'%s' failed", command);
}

/* Guardians become our children when xkvm-net has ended. */
static void await_children(void)
{
	while (wait(NULL) > 0)
		;
}

static void clean_up(struct taps *taps)
{
	const char *command = getenv("BENCH_CLEAN");

	if (tap_loop_group_named("xk", GROUP) +
		    tap_loop_group_named("tapvm", GROUP) >
	    0)
		tap_loop_delete_group(GROUP);
	taps_close(taps);
	if (command)
		run_shell(command);
	await_children();
}

static double time_making(const char *way, const struct bridge *bridge,
			  unsigned int count)
{
	struct taps taps = { 0 };
	const double start = now_ms();
	double end;

	if (strcmp(way, "loop") == 0) {
		tap_loop_make(bridge, count, &taps);
	} else if (strcmp(way, "request") == 0) {
		struct request request;

		tap_request_make(bridge, count, &request, &taps);
		tap_request_commit(&request);
	} else if (strncmp(way, "sh:", 3) == 0) {
		run_shell(way + 3);
	} else {
		errx(2, "'%s' is no way to make taps", way);
	}
	end = now_ms();
	clean_up(&taps);
	return end - start;
}

static bool are_there(void)
{
	return tap_loop_group_named("xk", TAPS_NO_GROUP) > 0;
}

static double time_removal(const char *way, const struct bridge *bridge,
			   unsigned int count)
{
	struct taps taps = { 0 };
	struct request request;
	double start, end;

	if (strcmp(way, "close") == 0 || strcmp(way, "group") == 0) {
		tap_loop_make(bridge, count, &taps);
		tap_loop_group(&taps, GROUP);
		start = now_ms();
		if (*way == 'g')
			tap_loop_delete_group(GROUP);
		taps_close(&taps);
	} else if (strcmp(way, "undo") == 0) {
		tap_request_make(bridge, count, &request, &taps);
		start = now_ms();
		tap_request_undo(&request);
	} else if (strcmp(way, "lifeline") == 0) {
		tap_request_make(bridge, count, &request, &taps);
		tap_request_commit(&request);
		start = now_ms();
		tap_request_release(&request);
		taps_close(&taps);
	} else {
		errx(2, "'%s' is no way to remove taps", way);
	}
	while (are_there())
		usleep(1000);
	end = now_ms();
	clean_up(&taps);
	return end - start;
}

static struct bridge read_bridge(char *text)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		return (struct bridge){ .name = text };
	*colon = '\0';
	return (struct bridge){ .name = colon + 1, .ovsdb = text };
}

int main(int argc, char **argv)
{
	size_t runs = argc == 7 ? strtoul(argv[1], NULL, 10) : 0;
	bool makes = runs && strcmp(argv[2], "make") == 0;
	unsigned long count = runs ? strtoul(argv[3], NULL, 10) : 0;
	struct spread spread;

	if (count == 0 || count > TAPS_MAX ||
	    (!makes && strcmp(argv[2], "remove") != 0))
		errx(2, "usage: taps RUNS make|remove COUNT BRIDGE WAY WAY");
	struct bridge bridge = read_bridge(argv[4]);
	double (*measure)(const char *, const struct bridge *, unsigned int) =
		makes ? time_making : time_removal;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (spread_init(&spread, runs) < 0)
		err(1, "memory");
	/* The first is not counted: it fills caches. */
	for (size_t i = 0; i <= runs; i++) {
		double ms = measure(argv[5], &bridge, (unsigned int)count);
		double base = measure(argv[6], &bridge, (unsigned int)count);

		if (i > 0)
			spread_add(&spread, ms, base);
	}
	spread_print(&spread);
	spread_done(&spread);
	return 0;
}
