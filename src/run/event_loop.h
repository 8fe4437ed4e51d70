/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for many things at once: descriptors that become ready, and times
 * that come. It sleeps until one of them does. With no time to wait for it
 * sleeps for ever, which is what the supervisor of a guest does most.
 *
 * A source belongs to whoever adds it, and may be changed at any time: what it
 * says counts at the next wait. Any callback may add and remove any source, its
 * own included.
 */
#ifndef XKVM_RUN_EVENT_LOOP_H
#define XKVM_RUN_EVENT_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/* A time is in milliseconds of CLOCK_MONOTONIC. */
#define EVENT_NEVER INT64_MAX

struct event_source {
	int fd; /* not owned; -1: only the time counts */
	short events; /* POLLIN, POLLOUT; 0: the descriptor does not count */
	int64_t due; /* or EVENT_NEVER */
	/* With what poll(2) says of the descriptor; with 0 when the time has
	 * come, which is EVENT_NEVER again then. */
	void (*call)(struct event_source *source, short revents);
	void *context; /* of whoever made it */
};

#define EVENT_SOURCE_INIT                    \
	{                                    \
		.fd = -1, .due = EVENT_NEVER \
	}

struct event_loop {
	struct event_source **sources; /* owned; NULL: removed */
	struct pollfd *watch; /* owned; of the same length */
	size_t count, room;
	bool is_ended;
};

int64_t event_now(void);

/* Callbacks come in the order in which the sources were added. A source that is
 * there already stays where it is. */
void event_add(struct event_loop *loop, struct event_source *source);

/* Its callback does not come any more. No error where it is not there. */
void event_remove(struct event_loop *loop, struct event_source *source);

/* For a callback: ends event_run(), and lets no further callback come. */
void event_end(struct event_loop *loop);

/* Until event_end(). */
must_check int event_run(struct event_loop *loop, struct err *err);

void event_loop_done(struct event_loop *loop);

#endif
