/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_hub.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* Read at one go. */
#define PIECE 4096

int console_hub_open(struct console_hub *hub, int *ret_qemu, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	hub->qemu.fd = pair[0];
	*ret_qemu = pair[1];
	return 0;
}

static bool sinks_have_room(const struct console_hub *hub)
{
	return console_sink_has_room(&hub->output, PIECE);
}

static bool is_done(const struct console_hub *hub)
{
	return hub->qemu.fd < 0 && console_sink_is_empty(&hub->output);
}

/* What is waited for now. */
static void update(struct console_hub *hub)
{
	hub->qemu.events = 0;
	if (sinks_have_room(hub))
		hub->qemu.events |= POLLIN;
	if (hub->typed.len > 0)
		hub->qemu.events |= POLLOUT;
	hub->keys.events = hub->typed.bytes && byte_queue_room(&hub->typed) > 0
				   ? POLLIN
				   : 0;
	if (hub->is_finishing && is_done(hub))
		event_end(hub->loop);
}

static void close_source(struct console_hub *hub, struct event_source *source)
{
	event_remove(hub->loop, source);
	close_fd(&source->fd);
}

static void read_console(struct console_hub *hub)
{
	char buf[PIECE];
	ssize_t n = recv(hub->qemu.fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && errno == EINTR)
		return;
	/* When QEMU has ended, what is not there will not come. */
	if (n < 0 && errno == EAGAIN && !hub->is_finishing)
		return;
	if (n <= 0) {
		close_source(hub, &hub->qemu);
		return;
	}
	if (hub->heard)
		hub->heard(hub->context, buf, (size_t)n);
	console_sink_add(&hub->output, buf, (size_t)n);
}

static void write_typed(struct console_hub *hub)
{
	size_t len;
	const char *data = byte_queue_front(&hub->typed, &len);
	ssize_t n =
		len ? send(hub->qemu.fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL)
		    : 0;

	if (n > 0)
		byte_queue_take(&hub->typed, (size_t)n);
}

static void handle_qemu(struct event_source *source, short revents)
{
	struct console_hub *hub = source->context;

	if (revents & POLLOUT)
		write_typed(hub);
	if (revents & ~POLLOUT)
		read_console(hub);
	update(hub);
}

/* From the background it is not ours to read: who reads all the same is
 * stopped, as the kernel would do if it were not blocked. */
static bool may_read_terminal(const struct event_source *keys)
{
	if (!isatty(keys->fd) || tcgetpgrp(keys->fd) == getpgrp())
		return true;
	raise(SIGTTIN);
	return false;
}

static void handle_keys(struct event_source *source, short revents)
{
	struct console_hub *hub = source->context;
	char buf[PIECE];
	size_t room = byte_queue_room(&hub->typed);

	(void)revents;
	if (!may_read_terminal(source))
		return;
	ssize_t n = read(source->fd, buf, room < PIECE ? room : PIECE);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		close_source(hub, source);
	else
		byte_queue_add(&hub->typed, buf, (size_t)n);
	update(hub);
}

static void handle_output(struct event_source *source, short revents)
{
	struct console_hub *hub = source->context;

	(void)revents;
	console_sink_flush(&hub->output);
	update(hub);
}

static void handle_stop(struct event_source *source, short revents)
{
	struct console_hub *hub = source->context;

	(void)revents;
	event_end(hub->loop);
}

static struct event_source source_of(struct console_hub *hub, int fd,
				     void (*call)(struct event_source *, short))
{
	return (struct event_source){
		.fd = fd, .due = EVENT_NEVER, .call = call, .context = hub
	};
}

/* As large as a line that is pasted. */
#define TYPED_SIZE 4096

static void start_stdio(struct console_hub *hub,
			const struct plan_console *console)
{
	int output = console_open_again(STDOUT_FILENO, O_WRONLY);

	if (output >= 0)
		console_sink_open(&hub->output, output, hub->loop,
				  handle_output, hub);
	if (!console->reads_stdin)
		return;
	int input = console_open_again(STDIN_FILENO, O_RDONLY);
	if (input < 0)
		return;
	byte_queue_init(&hub->typed, TYPED_SIZE);
	hub->keys = source_of(hub, input, handle_keys);
	event_add(hub->loop, &hub->keys);
	terminal_make_raw(hub->terminal);
}

void console_hub_start(struct console_hub *hub,
		       const struct plan_console *console)
{
	if (hub->qemu.fd < 0)
		return;
	hub->qemu = source_of(hub, hub->qemu.fd, handle_qemu);
	event_add(hub->loop, &hub->qemu);
	if (console->is_stdio)
		start_stdio(hub, console);
	update(hub);
}

int console_hub_finish(struct console_hub *hub, int signal_fd, struct err *err)
{
	if (hub->qemu.fd < 0)
		return 0;
	close_source(hub, &hub->keys);
	byte_queue_take(&hub->typed, hub->typed.len);
	hub->is_finishing = true;
	hub->stop = source_of(hub, signal_fd, handle_stop);
	hub->stop.events = POLLIN;
	event_add(hub->loop, &hub->stop);
	update(hub);
	int r = is_done(hub) ? 0 : event_run(hub->loop, err);
	event_remove(hub->loop, &hub->stop);
	return r;
}

void console_hub_done(struct console_hub *hub)
{
	if (hub->loop) {
		close_source(hub, &hub->qemu);
		close_source(hub, &hub->keys);
	}
	console_sink_done(&hub->output);
	byte_queue_done(&hub->typed);
}
