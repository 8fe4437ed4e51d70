/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somewhere that a copy of the console goes to: standard output, a file. It
 * never blocks this process. What cannot be written yet waits in a queue; while
 * that is full the console is not read (console_hub.h).
 */
#ifndef XKVM_RUN_CONSOLE_SINK_H
#define XKVM_RUN_CONSOLE_SINK_H

#include "run/byte_queue.h"
#include "run/event_loop.h"

struct console_sink {
	/* Its descriptor is owned; -1: it takes nothing, now or any more. */
	struct event_source source;
	struct byte_queue queue;
	struct event_loop *loop;
	int error; /* the errno with which it ended; 0 */
};

#define CONSOLE_SINK_INIT                   \
	{                                   \
		.source = EVENT_SOURCE_INIT \
	}

/* For each reader that is slow for a moment. */
#define CONSOLE_QUEUE 65536

/*
 * `fd` is taken over. The queue has CONSOLE_QUEUE bytes, or `least` if that is
 * more. `flushed` is called when something was written, and when
 * it has ended, with the source of the sink.
 */
void console_sink_open(struct console_sink *sink, int fd, size_t least,
		       struct event_loop *loop,
		       void (*flushed)(struct event_source *source,
				       short revents),
		       void *context);
void console_sink_done(struct console_sink *sink);

/* Whether `len` bytes can be added. One that takes nothing has room. */
bool console_sink_has_room(const struct console_sink *sink, size_t len);

/* Adds them, and writes what can be written now. */
void console_sink_add(struct console_sink *sink, const char *data, size_t len);

/* Writes what can be written now. */
void console_sink_flush(struct console_sink *sink);

bool console_sink_is_empty(const struct console_sink *sink);

/*
 * A descriptor for the same file that does not block, and of which nobody else
 * knows: the flag of the original would be that of all who share it. Where that
 * cannot be had, the original's flag is changed. -1 where `fd` is closed.
 */
int console_open_again(int fd, int access);

#endif
