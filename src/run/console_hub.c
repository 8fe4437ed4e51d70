/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_hub.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Read at one go. */
#define PIECE 4096
/* What that can become with a time in front of each line. */
#define STAMPED_MAX (PIECE * (1 + LOG_STAMP_LEN))
/* As large as a line that is pasted. */
#define TYPED_SIZE 4096

void console_hub_init(struct console_hub *hub)
{
	*hub = (struct console_hub){ .qemu = EVENT_SOURCE_INIT,
				     .keys = EVENT_SOURCE_INIT,
				     .stop = EVENT_SOURCE_INIT };
	for (size_t i = 0; i < SINK_COUNT; i++) {
		hub->files[i] = -1;
		hub->sinks[i] = (struct console_sink)CONSOLE_SINK_INIT;
	}
	console_socket_init(&hub->watchers);
}

/* ---- where it goes ---------------------------------------------------------
 */

/* What each sink takes at one go. */
static size_t piece_of(const struct console_hub *hub, size_t i)
{
	return i == SINK_LOG && hub->plan->log_has_times ? STAMPED_MAX : PIECE;
}

static bool sinks_have_room(const struct console_hub *hub)
{
	for (size_t i = 0; i < SINK_COUNT; i++)
		if (!console_sink_has_room(&hub->sinks[i], piece_of(hub, i)))
			return false;
	return console_socket_has_room(&hub->watchers, PIECE);
}

static bool is_done(const struct console_hub *hub)
{
	for (size_t i = 0; i < SINK_COUNT; i++)
		if (!console_sink_is_empty(&hub->sinks[i]))
			return false;
	return hub->qemu.fd < 0 && console_socket_is_empty(&hub->watchers);
}

/* What is waited for now. */
static void update(struct console_hub *hub)
{
	bool may_type = byte_queue_room(&hub->typed) > 0 && !hub->is_finishing;

	hub->qemu.events = 0;
	if (sinks_have_room(hub))
		hub->qemu.events |= POLLIN;
	if (hub->typed.len > 0)
		hub->qemu.events |= POLLOUT;
	hub->keys.events = may_type ? POLLIN : 0;
	console_socket_set_typing(&hub->watchers, may_type);
	if (hub->is_finishing && is_done(hub))
		event_end(hub->loop);
}

/* Who reads standard output may go; a file should not. */
static void report_failure(struct console_hub *hub, size_t i)
{
	struct console_sink *sink = &hub->sinks[i];
	bool is_log = i == SINK_LOG;

	if (!sink->error)
		return;
	if (i != SINK_OUTPUT || sink->error != EPIPE) {
		cleanup_free char *text = xasprintf(
			"%s%s%s: %s; what the console says from now on is not "
			"in it",
			is_log ? "--console-log '" : "",
			is_log		   ? hub->plan->log
			: i == SINK_OUTPUT ? "standard output"
					   : hub->plan->path,
			is_log ? "'" : "", strerrordesc_np(sink->error));
		hub->report->note(hub->report->context, text);
	}
	sink->error = 0;
}

static void add_to_log(struct console_hub *hub, const char *data, size_t len)
{
	struct timespec now;

	if (hub->plan->log_has_times && hub->sinks[SINK_LOG].source.fd >= 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		log_lines_add(&hub->log, data, len, &now, &hub->stamped);
		data = strbuf_str(&hub->stamped);
		len = hub->stamped.len;
	}
	console_sink_add(&hub->sinks[SINK_LOG], data, len);
	strbuf_consume(&hub->stamped, hub->stamped.len);
}

static void spread(struct console_hub *hub, const char *data, size_t len)
{
	hub->heard(hub->context, data, len);
	console_sink_add(&hub->sinks[SINK_OUTPUT], data, len);
	console_sink_add(&hub->sinks[SINK_FILE], data, len);
	add_to_log(hub, data, len);
	console_socket_add(&hub->watchers, data, len);
	for (size_t i = 0; i < SINK_COUNT; i++)
		report_failure(hub, i);
}

static void handle_sink(struct event_source *source, short revents)
{
	struct console_hub *hub = source->context;

	(void)revents;
	for (size_t i = 0; i < SINK_COUNT; i++) {
		if (&hub->sinks[i].source == source)
			console_sink_flush(&hub->sinks[i]);
		report_failure(hub, i);
	}
	update(hub);
}

/* ---- QEMU's socket ---------------------------------------------------------
 */

int console_hub_open(struct console_hub *hub, int *ret_qemu, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	hub->qemu.fd = pair[0];
	*ret_qemu = pair[1];
	return 0;
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
	if (n <= 0)
		close_source(hub, &hub->qemu);
	else
		spread(hub, buf, (size_t)n);
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
	/* A hang-up does not wait for room, and so is no reason to read. */
	if (revents & ~POLLOUT && sinks_have_room(hub))
		read_console(hub);
	update(hub);
}

/* ---- what is typed ---------------------------------------------------------
 */

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
	if (room == 0 || !may_read_terminal(source))
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

static size_t watchers_room(void *context)
{
	const struct console_hub *hub = context;

	return byte_queue_room(&hub->typed);
}

static void watcher_typed(void *context, const char *data, size_t len)
{
	struct console_hub *hub = context;

	byte_queue_add(&hub->typed, data, len);
}

static void watchers_changed(void *context)
{
	update(context);
}

static void watchers_note(void *context, const char *text)
{
	struct console_hub *hub = context;

	hub->report->note(hub->report->context, text);
}

/* ---- beginning and end -----------------------------------------------------
 */

/* A FIFO that nobody reads, or a terminal, must not hold anybody up. */
static int open_file(const char *path, bool appends, int *ret, struct err *err)
{
	int fd = open(path,
		      O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC |
			      (appends ? O_APPEND : O_TRUNC),
		      0666);

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot open '%s'", path);
	*ret = fd;
	return 0;
}

int console_hub_open_places(struct console_hub *hub,
			    const struct plan_console *console, struct err *err)
{
	int r = 0;

	hub->plan = console;
	if (console->place == CONSOLE_FILE)
		r = open_file(console->path, false, &hub->files[SINK_FILE],
			      err);
	else if (console->place == CONSOLE_SOCKET)
		r = console_socket_open(&hub->watchers, console->path, err);
	if (r < 0)
		return err_prefix(err, "--console");
	if (console->log)
		r = open_file(console->log, console->log_appends,
			      &hub->files[SINK_LOG], err);
	return r < 0 ? err_prefix(err, "--console-log") : 0;
}

static struct event_source source_of(struct console_hub *hub, int fd,
				     void (*call)(struct event_source *, short))
{
	return (struct event_source){
		.fd = fd, .due = EVENT_NEVER, .call = call, .context = hub
	};
}

static void start_keys(struct console_hub *hub)
{
	int input = console_open_again(STDIN_FILENO, O_RDONLY);

	if (input < 0)
		return;
	hub->keys = source_of(hub, input, handle_keys);
	event_add(hub->loop, &hub->keys);
	terminal_make_raw(hub->terminal);
}

static void start_watchers(struct console_hub *hub)
{
	struct console_socket *watchers = &hub->watchers;

	if (watchers->listener.fd < 0)
		return;
	watchers->loop = hub->loop;
	watchers->room = watchers_room;
	watchers->typed = watcher_typed;
	watchers->changed = watchers_changed;
	watchers->note = watchers_note;
	watchers->context = hub;
	console_socket_start(watchers);
	cleanup_free char *text = xasprintf(
		"the serial console: socat -,raw,echo=0,escape=0x1d %s",
		watchers->address);
	hub->report->note(hub->report->context, text);
}

void console_hub_start(struct console_hub *hub)
{
	if (hub->qemu.fd < 0)
		return;
	hub->qemu = source_of(hub, hub->qemu.fd, handle_qemu);
	event_add(hub->loop, &hub->qemu);
	byte_queue_init(&hub->typed, TYPED_SIZE);
	if (hub->plan->is_stdio)
		hub->files[SINK_OUTPUT] =
			console_open_again(STDOUT_FILENO, O_WRONLY);
	for (size_t i = 0; i < SINK_COUNT; i++)
		if (hub->files[i] >= 0)
			console_sink_open(&hub->sinks[i],
					  take_fd(hub->files[i]),
					  2 * piece_of(hub, i), hub->loop,
					  handle_sink, hub);
	if (hub->plan->reads_stdin)
		start_keys(hub);
	start_watchers(hub);
	update(hub);
}

static void handle_stop(struct event_source *source, short revents)
{
	struct console_hub *hub = source->context;

	(void)revents;
	event_end(hub->loop);
}

/* For a reader who has stopped, when the end was asked for. */
#define HASTE_MS 1000

int console_hub_finish(struct console_hub *hub, int signal_fd, bool is_hasty,
		       struct err *err)
{
	if (!hub->loop)
		return 0;
	close_source(hub, &hub->keys);
	console_socket_close_input(&hub->watchers);
	byte_queue_take(&hub->typed, hub->typed.len);
	hub->is_finishing = true;
	hub->stop = source_of(hub, signal_fd, handle_stop);
	hub->stop.events = POLLIN;
	if (is_hasty)
		hub->stop.due = event_now() + HASTE_MS;
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
	for (size_t i = 0; i < SINK_COUNT; i++) {
		close_fd(&hub->files[i]);
		console_sink_done(&hub->sinks[i]);
	}
	console_socket_done(&hub->watchers);
	byte_queue_done(&hub->typed);
	strbuf_done(&hub->stamped);
}
