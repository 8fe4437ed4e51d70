/* SPDX-License-Identifier: Apache-2.0 */
#include "run/command_input.h"

#include <errno.h>
#include <unistd.h>

#include "base/qga_text.h"

static void end_input(struct command_input *input)
{
	event_remove(input->loop, &input->source);
	input->is_whole = true;
	input->ended(input->context);
}

/* Ready to be read, so this does not block; and if it were to be another's
 * turn, that one shares the terminal or the pipe knowingly. */
static void read_some(struct event_source *source, short revents)
{
	struct command_input *input = source->context;
	char buf[16384];
	ssize_t n = revents ? read(source->fd, buf, sizeof(buf)) : 0;

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0)
		input->error = errno;
	if (n > 0)
		strbuf_add(&input->bytes, buf, (size_t)n);
	input->is_too_long = input->bytes.len > QGA_INPUT_MAX;
	if (n <= 0 || input->is_too_long)
		end_input(input);
}

void command_input_start(struct command_input *input, struct event_loop *loop,
			 bool is_empty)
{
	bool is_read = !is_empty && !isatty(STDIN_FILENO);

	input->loop = loop;
	input->source = (struct event_source){
		.fd = is_read ? STDIN_FILENO : -1,
		.events = is_read ? POLLIN : 0,
		.due = is_read ? EVENT_NEVER : event_now(),
		.call = read_some,
		.context = input,
	};
	event_add(loop, &input->source);
}

void command_input_done(struct command_input *input)
{
	if (input->loop)
		event_remove(input->loop, &input->source);
	strbuf_done(&input->bytes);
}
