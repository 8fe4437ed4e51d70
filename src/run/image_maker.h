/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making the disk images of a plan. Theory of operation:
 *
 * Each is written to a file without a name, by qemu-img or, where it is raw, by
 * this process. All are begun before anything is waited for, so that several
 * take as long as one, and beside the taps. What QEMU gets by descriptor never
 * has a name. What is to have one gets it when all else that can fail has been
 * done, and an image that is there grows last of all: a run that comes to
 * nothing changes nothing.
 */
#ifndef XKVM_RUN_IMAGE_MAKER_H
#define XKVM_RUN_IMAGE_MAKER_H

#include "plan/plan.h"

struct image_job;

struct image_maker {
	const struct plan *plan;
	struct image_job *jobs; /* owned */
	size_t count;
	int signal_fd; /* not owned; ends the waiting */
	int stop_signal; /* that came; or 0 */
};

/* Starts all that is to be made. */
must_check int image_maker_begin(struct image_maker *maker, struct err *err);

/* Waits for them. sources[i] becomes what the plan's descriptor i is to be, for
 * those that are images; owned by the caller. -EINTR where a signal asked for
 * the end, which is `stop_signal` then. */
must_check int image_maker_finish(struct image_maker *maker, int *sources,
				  struct err *err);

/* Gives the names. -EEXIST where one has appeared in between. */
must_check int image_maker_keep(struct image_maker *maker, struct err *err);

/* Makes those larger that are to grow, one after the other. That cannot be
 * undone. */
must_check int image_maker_grow(struct image_maker *maker, struct err *err);

/* Removes what got a name and nobody uses: there will be no QEMU for it. */
void image_maker_undo(struct image_maker *maker);

/* Ends what still runs. */
void image_maker_done(struct image_maker *maker);

#endif
