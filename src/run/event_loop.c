/* SPDX-License-Identifier: Apache-2.0 */
#include "run/event_loop.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

int64_t event_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static size_t find(const struct event_loop *loop,
		   const struct event_source *source)
{
	size_t i = 0;

	while (i < loop->count && loop->sources[i] != source)
		i++;
	return i;
}

/* More than any run needs, so that none is made while a guest runs. */
#define FIRST_ROOM 32

static void make_room(struct event_loop *loop)
{
	if (loop->count < loop->room)
		return;
	loop->room = loop->room ? loop->room * 2 : FIRST_ROOM;
	loop->sources = xreallocarray(loop->sources, loop->room,
				      sizeof(struct event_source *));
	loop->watch =
		xreallocarray(loop->watch, loop->room, sizeof(struct pollfd));
}

void event_add(struct event_loop *loop, struct event_source *source)
{
	if (find(loop, source) < loop->count)
		return;
	make_room(loop);
	/* poll(2) has not been asked about it yet. */
	loop->watch[loop->count] = (struct pollfd){ .fd = -1 };
	loop->sources[loop->count++] = source;
}

void event_remove(struct event_loop *loop, struct event_source *source)
{
	size_t i = find(loop, source);

	if (i < loop->count)
		loop->sources[i] = NULL;
}

void event_end(struct event_loop *loop)
{
	loop->is_ended = true;
}

static void drop_removed(struct event_loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->count; i++)
		if (loop->sources[i])
			loop->sources[kept++] = loop->sources[i];
	loop->count = kept;
}

/* Fills what poll(2) is asked in. Returns how long it may wait. */
static int prepare(struct event_loop *loop)
{
	int64_t due = EVENT_NEVER;

	for (size_t i = 0; i < loop->count; i++) {
		const struct event_source *source = loop->sources[i];

		/* One without events would still report a hang-up. */
		loop->watch[i] = (struct pollfd){
			.fd = source->events ? source->fd : -1,
			.events = source->events,
		};
		if (source->due < due)
			due = source->due;
	}
	if (due == EVENT_NEVER)
		return -1;
	int64_t left = due - event_now();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void call_ready(struct event_loop *loop)
{
	for (size_t i = 0; i < loop->count && !loop->is_ended; i++) {
		struct event_source *source = loop->sources[i];

		if (source && loop->watch[i].revents)
			source->call(source, loop->watch[i].revents);
	}
}

static void call_due(struct event_loop *loop)
{
	int64_t now = event_now();

	for (size_t i = 0; i < loop->count && !loop->is_ended; i++) {
		struct event_source *source = loop->sources[i];

		if (!source || source->due > now)
			continue;
		source->due = EVENT_NEVER;
		source->call(source, 0);
	}
}

int event_run(struct event_loop *loop, struct err *err)
{
	loop->is_ended = false;
	while (!loop->is_ended) {
		drop_removed(loop);
		int timeout = prepare(loop);
		int n = poll(loop->watch, loop->count, timeout);

		if (n < 0 && errno != EINTR)
			return err_set_errno(err, -errno,
					     "cannot wait for events");
		if (n > 0)
			call_ready(loop);
		if (timeout >= 0)
			call_due(loop);
	}
	return 0;
}

void event_loop_done(struct event_loop *loop)
{
	free(loop->sources);
	free(loop->watch);
	*loop = (struct event_loop){ 0 };
}
