/* SPDX-License-Identifier: Apache-2.0 */
#include "run/console_socket.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* What a watcher sees of the time before it came: a screen. */
#define RECENT_SIZE 4096
#define PIECE 1024

void console_socket_init(struct console_socket *s)
{
	*s = (struct console_socket){ .listener = EVENT_SOURCE_INIT };
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		s->watchers[i] =
			(struct console_watcher){ .sink = CONSOLE_SINK_INIT,
						  .typing = EVENT_SOURCE_INIT };
}

/* ---- the socket ------------------------------------------------------------
 */

/* Whether a socket of that name is there, and nobody listens. */
static bool is_stale(int fd, const struct sockaddr_un *address)
{
	struct stat st;

	return lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       connect(fd, (const struct sockaddr *)address, sizeof(*address)) <
		       0 &&
	       errno == ECONNREFUSED;
}

static int bind_path(struct console_socket *s, int fd, const char *path,
		     struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	/* Of a socket that is not bound yet: the file gets this mode. */
	if (fchmod(fd, 0600) < 0)
		return err_set_errno(err, -errno, "cannot protect a socket");
	int r = bind(fd, (const struct sockaddr *)&address, sizeof(address));
	if (r < 0 && errno == EADDRINUSE && is_stale(fd, &address) &&
	    unlink(path) == 0)
		r = bind(fd, (const struct sockaddr *)&address,
			 sizeof(address));
	else if (r < 0 && errno == ECONNREFUSED)
		errno = EADDRINUSE;
	if (r < 0)
		return err_set_errno(err, -errno, "cannot make the socket '%s'",
				     path);
	s->path = xstrdup(path);
	if (stat(path, &st) == 0) {
		s->device = st.st_dev;
		s->inode = st.st_ino;
	}
	s->address = xasprintf("UNIX-CONNECT:%s", path);
	return 0;
}

/* A name that nobody can foresee: it is as good as a file of this user's. */
static int bind_abstract(struct console_socket *s, int fd, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	unsigned long long number;
	char name[32];

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return err_set_errno(err, -errno, "cannot choose a number");
	int len = snprintf(name, sizeof(name), "xkvm-%016llx", number);
	memcpy(address.sun_path + 1, name, (size_t)len);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				     1 + (size_t)len);
	if (bind(fd, (const struct sockaddr *)&address, size) < 0)
		return err_set_errno(err, -errno, "cannot make a socket");
	s->address = xasprintf("ABSTRACT-CONNECT:%s", name);
	return 0;
}

int console_socket_open(struct console_socket *s, const char *path,
			struct err *err)
{
	cleanup_close int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot make a socket");
	int r = path ? bind_path(s, fd, path, err) : bind_abstract(s, fd, err);
	if (r < 0)
		return r;
	if (listen(fd, WATCHERS_MAX) < 0)
		return err_set_errno(err, -errno, "cannot listen");
	byte_queue_init(&s->recent, RECENT_SIZE);
	s->listener.fd = take_fd(fd);
	return 0;
}

/* ---- watchers --------------------------------------------------------------
 */

static void drop(struct console_socket *s, struct console_watcher *watcher)
{
	event_remove(s->loop, &watcher->typing);
	watcher->typing.fd = -1;
	console_sink_done(&watcher->sink);
}

/* The watcher whose source it is. */
static struct console_watcher *owner(struct console_socket *s,
				     const struct event_source *source)
{
	struct console_watcher *at = s->watchers;

	while (&at->typing != source && &at->sink.source != source)
		at++;
	return at;
}

/* After something was written to it, or could not be. One that holds the others
 * back has a while. */
static void settle(struct console_socket *s, struct console_watcher *watcher)
{
	struct event_source *source = &watcher->sink.source;

	if (source->fd < 0)
		drop(s, watcher);
	else if (source->events == 0)
		source->due = EVENT_NEVER;
	else if (source->due == EVENT_NEVER)
		source->due = event_now() + WATCHER_PATIENCE_MS;
}

static void on_writable(struct event_source *source, short revents)
{
	struct console_socket *s = source->context;
	struct console_watcher *watcher = owner(s, source);
	size_t before = watcher->sink.queue.len;

	if (revents == 0) {
		drop(s, watcher);
		s->note(s->context, "a watcher of the console does not read, "
				    "and was sent away");
	} else {
		console_sink_flush(&watcher->sink);
		if (watcher->sink.queue.len < before)
			source->due = EVENT_NEVER;
		settle(s, watcher);
	}
	s->changed(s->context);
}

/* Of a mute one POLLHUP is what tells that it has gone. */
static short typing_events(const struct console_watcher *watcher,
			   bool is_wanted)
{
	if (watcher->is_mute)
		return POLLERR;
	return is_wanted ? POLLIN : 0;
}

static void on_typing(struct event_source *source, short revents)
{
	struct console_socket *s = source->context;
	struct console_watcher *watcher = owner(s, source);
	size_t room = s->room(s->context);
	char buf[PIECE];

	if (watcher->is_mute) {
		if (revents & (POLLHUP | POLLERR))
			drop(s, watcher);
		return;
	}
	/* Another one may have filled it in this very turn. */
	if (room == 0)
		return;
	ssize_t n = recv(source->fd, buf, room < PIECE ? room : PIECE,
			 MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		drop(s, watcher);
	} else if (n == 0) {
		watcher->is_mute = true;
		source->events = typing_events(watcher, false);
	} else {
		s->typed(s->context, buf, (size_t)n);
	}
	s->changed(s->context);
}

static struct console_watcher *free_place(struct console_socket *s)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (s->watchers[i].sink.source.fd < 0)
			return &s->watchers[i];
	return NULL;
}

static bool may_watch(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       (peer.uid == geteuid() || peer.uid == 0);
}

static void show_recent(struct console_socket *s,
			struct console_watcher *watcher)
{
	struct byte_queue recent = s->recent; /* the bytes stay */
	size_t len;
	const char *data;

	while ((data = byte_queue_front(&recent, &len)), len > 0) {
		console_sink_add(&watcher->sink, data, len);
		byte_queue_take(&recent, len);
	}
}

static void on_visitor(struct event_source *source, short revents)
{
	struct console_socket *s = source->context;
	struct console_watcher *watcher = free_place(s);
	cleanup_close int fd =
		accept4(source->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)revents;
	if (fd < 0 || !watcher || !may_watch(fd))
		return;
	watcher->is_mute = false;
	watcher->typing = (struct event_source){ .fd = fd,
						 .events = POLLIN,
						 .due = EVENT_NEVER,
						 .call = on_typing,
						 .context = s };
	console_sink_open(&watcher->sink, take_fd(fd), 0, s->loop, on_writable,
			  s);
	event_add(s->loop, &watcher->typing);
	show_recent(s, watcher);
	settle(s, watcher);
	s->changed(s->context);
}

void console_socket_start(struct console_socket *s)
{
	if (s->listener.fd < 0)
		return;
	s->listener = (struct event_source){ .fd = s->listener.fd,
					     .events = POLLIN,
					     .due = EVENT_NEVER,
					     .call = on_visitor,
					     .context = s };
	event_add(s->loop, &s->listener);
}

bool console_socket_has_room(const struct console_socket *s, size_t len)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (!console_sink_has_room(&s->watchers[i].sink, len))
			return false;
	return true;
}

bool console_socket_is_empty(const struct console_socket *s)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (!console_sink_is_empty(&s->watchers[i].sink))
			return false;
	return true;
}

void console_socket_add(struct console_socket *s, const char *data, size_t len)
{
	if (s->listener.fd < 0)
		return;
	for (size_t i = 0; i < WATCHERS_MAX; i++) {
		if (s->watchers[i].sink.source.fd < 0)
			continue;
		console_sink_add(&s->watchers[i].sink, data, len);
		settle(s, &s->watchers[i]);
	}
	if (len > RECENT_SIZE) {
		data += len - RECENT_SIZE;
		len = RECENT_SIZE;
	}
	while (byte_queue_room(&s->recent) < len) {
		size_t piece, more = len - byte_queue_room(&s->recent);

		byte_queue_front(&s->recent, &piece);
		byte_queue_take(&s->recent, piece < more ? piece : more);
	}
	byte_queue_add(&s->recent, data, len);
}

void console_socket_set_typing(struct console_socket *s, bool is_wanted)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		s->watchers[i].typing.events =
			typing_events(&s->watchers[i], is_wanted);
}

void console_socket_close_input(struct console_socket *s)
{
	if (s->listener.fd >= 0)
		event_remove(s->loop, &s->listener);
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		s->watchers[i].typing.events = 0;
}

static bool is_ours(const struct console_socket *s)
{
	struct stat st;

	return stat(s->path, &st) == 0 && st.st_dev == s->device &&
	       st.st_ino == s->inode;
}

void console_socket_done(struct console_socket *s)
{
	for (size_t i = 0; i < WATCHERS_MAX; i++)
		if (s->watchers[i].sink.source.fd >= 0)
			drop(s, &s->watchers[i]);
	if (s->loop)
		event_remove(s->loop, &s->listener);
	if (s->path && is_ours(s))
		unlink(s->path);
	close_fd(&s->listener.fd);
	byte_queue_done(&s->recent);
	free(s->path);
	free(s->address);
	console_socket_init(s);
}
