/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void console_sink_open(struct console_sink *sink, int fd, size_t least,
		       struct event_loop *loop,
		       void (*flushed)(struct event_source *source,
				       short revents),
		       void *context)
{
	*sink = (struct console_sink){ .source = { .fd = fd,
						   .due = EVENT_NEVER,
						   .call = flushed,
						   .context = context },
				       .loop = loop };
	byte_queue_init(&sink->queue,
			least > CONSOLE_QUEUE ? least : CONSOLE_QUEUE);
	event_add(loop, &sink->source);
}

void console_sink_done(struct console_sink *sink)
{
	if (sink->loop)
		event_remove(sink->loop, &sink->source);
	close_fd(&sink->source.fd);
	byte_queue_done(&sink->queue);
}

static void fail(struct console_sink *sink, int error)
{
	console_sink_done(sink);
	sink->source.events = 0;
	sink->error = error;
}

bool console_sink_has_room(const struct console_sink *sink, size_t len)
{
	return sink->source.fd < 0 || byte_queue_room(&sink->queue) >= len;
}

void console_sink_flush(struct console_sink *sink)
{
	size_t len;

	while (sink->source.fd >= 0 && sink->queue.len > 0) {
		const char *data = byte_queue_front(&sink->queue, &len);
		ssize_t n = write(sink->source.fd, data, len);

		if (n > 0)
			byte_queue_take(&sink->queue, (size_t)n);
		else if (n < 0 && errno == EAGAIN)
			break;
		else if (n == 0 || errno != EINTR)
			fail(sink, n < 0 ? errno : ENOSPC);
	}
	sink->source.events = console_sink_is_empty(sink) ? 0 : POLLOUT;
}

void console_sink_add(struct console_sink *sink, const char *data, size_t len)
{
	if (sink->source.fd < 0)
		return;
	byte_queue_add(&sink->queue, data, len);
	console_sink_flush(sink);
}

bool console_sink_is_empty(const struct console_sink *sink)
{
	return sink->queue.len == 0;
}

int console_open_again(int fd, int access)
{
	char path[64];
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	bool can_block = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) ||
			 isatty(fd);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int again = can_block ? open(path,
				     access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
			      : -1;
	if (again >= 0)
		return again;
	if (can_block)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}
