/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a guest is brought to its end, one step at a time: from asking it to
 * power down, over ending QEMU in order, to killing it. A state machine of
 * values: time and signals go in, the next thing to do comes out.
 *
 *	powerdown  only with --grace, which is how long it may take
 *	quit       QMP: QEMU flushes its disks and ends, about 8 ms
 *	terminate  SIGTERM, where QMP brought nothing for 5 s
 *	kill       SIGKILL, after 5 s more
 *	give up    after 2 s more: the process cannot be killed (state D)
 *
 * A second signal skips to quit, a third to kill.
 */
#ifndef XKVM_RUN_STOP_LADDER_H
#define XKVM_RUN_STOP_LADDER_H

#include <stdint.h>

enum stop_step {
	STOP_NOT, /* the guest runs */
	STOP_POWERDOWN,
	STOP_QUIT,
	STOP_TERMINATE,
	STOP_KILL,
	STOP_GIVE_UP,
};

struct stop_ladder {
	enum stop_step step;
	unsigned int signals; /* how many came */
	int64_t deadline; /* ms; of the step; meaningless in STOP_NOT */
	unsigned int grace_ms;
};

/* Milliseconds of CLOCK_MONOTONIC are what `now` means, here and below. */
#define STOP_QUIT_MS 5000
#define STOP_TERMINATE_MS 5000
#define STOP_KILL_MS 2000

void stop_ladder_init(struct stop_ladder *ladder, unsigned int grace_ms);

/* A signal asked for the end. Returns the step to take now, or STOP_NOT where
 * the current one goes on. */
enum stop_step stop_ladder_signal(struct stop_ladder *ladder, int64_t now);

/* This program ends the guest by itself, and `step` is where it begins. The
 * same return value. */
enum stop_step stop_ladder_begin(struct stop_ladder *ladder,
				 enum stop_step step, int64_t now);

/* Time went by. The same return value. */
enum stop_step stop_ladder_tick(struct stop_ladder *ladder, int64_t now);

/* The current step cannot be taken (there is no QMP): the next one is. */
enum stop_step stop_ladder_skip(struct stop_ladder *ladder, int64_t now);

/* When stop_ladder_tick() has something to do; INT64_MAX: never. */
int64_t stop_ladder_due(const struct stop_ladder *ladder);

#endif
