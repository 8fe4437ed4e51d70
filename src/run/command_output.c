/* SPDX-License-Identifier: Apache-2.0 */
#include "run/command_output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "run/console_sink.h"

/* One that is written, or cannot be, is out of the way. */
static void drop(struct command_output *output, size_t i)
{
	event_remove(output->loop, &output->targets[i]);
	close_fd(&output->targets[i].fd);
	strbuf_done(&output->rest[i]);
}

static bool is_all_written(const struct command_output *output)
{
	return output->targets[0].fd < 0 && output->targets[1].fd < 0;
}

static void write_some(struct event_source *source, short revents)
{
	struct command_output *output = source->context;
	size_t i = source == &output->targets[1];
	struct strbuf *rest = &output->rest[i];
	ssize_t n = 0;

	(void)revents;
	if (rest->len > 0 && source->fd >= 0)
		n = write(source->fd, strbuf_str(rest), rest->len);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 && errno != EPIPE)
		output->error = errno;
	if (n > 0)
		strbuf_consume(rest, (size_t)n);
	if (n < 0 || rest->len == 0)
		drop(output, i);
	if (!is_all_written(output))
		return;
	command_output_stop(output);
	output->done(output->context, output->error);
}

void command_output_start(struct command_output *output,
			  struct event_loop *loop, struct strbuf *out,
			  struct strbuf *err)
{
	static const int fds[] = { STDOUT_FILENO, STDERR_FILENO };
	struct strbuf *const texts[] = { out, err };

	output->loop = loop;
	output->is_active = true;
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		output->rest[i] = *texts[i];
		*texts[i] = (struct strbuf)STRBUF_INIT;
		output->targets[i] = (struct event_source){
			.fd = console_open_again(fds[i], O_WRONLY),
			.events = POLLOUT,
			.due = EVENT_NEVER,
			.call = write_some,
			.context = output,
		};
		/* A closed one is where nobody wants to read. */
		event_add(loop, &output->targets[i]);
	}
	if (is_all_written(output))
		output->targets[0].due = event_now();
}

void command_output_stop(struct command_output *output)
{
	if (!output->is_active)
		return;
	output->is_active = false;
	drop(output, 0);
	drop(output, 1);
}
