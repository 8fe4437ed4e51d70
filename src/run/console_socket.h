/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console as a socket (--console socket): whoever connects sees what it
 * wrote last and what it writes from then on, and types to it. Several may be
 * there at once. Who is not this user, or root, is sent away.
 *
 * Without a path the socket is one of Linux' abstract ones: no file, so nothing
 * is left, whatever ends this process. With one the file is removed at the end;
 * one that nobody listens at any more is replaced.
 *
 * A watcher that has not read for WATCHER_PATIENCE_MS while its queue is full
 * is sent away, too: until then it holds back the console, for all.
 */
#ifndef XKVM_RUN_CONSOLE_SOCKET_H
#define XKVM_RUN_CONSOLE_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>

#include "run/console_sink.h"

#define WATCHERS_MAX 8
#define WATCHER_PATIENCE_MS 5000

struct console_watcher {
	struct console_sink sink; /* its descriptor; -1: nobody */
	struct event_source typing; /* the same one, not owned */
	bool is_mute; /* it has shut its side, and still reads */
};

struct console_socket {
	struct event_loop *loop;
	/* What a watcher types: *room bytes can be taken; typed() takes. */
	size_t (*room)(void *context);
	void (*typed)(void *context, const char *data, size_t len);
	/* Something was written, or a watcher went: for who waits for room. */
	void (*changed)(void *context);
	void (*note)(void *context, const char *text);
	void *context;

	/* Its own. */
	struct event_source listener; /* its descriptor is owned; -1: none */
	struct console_watcher watchers[WATCHERS_MAX];
	struct byte_queue recent; /* the last that was written */
	char *path; /* owned; of the file; NULL: there is none */
	char *address; /* owned; for socat(1) */
	dev_t device; /* of that file */
	ino_t inode;
};

void console_socket_init(struct console_socket *s);

/* Listens; `path` may be NULL. Nobody is let in before console_socket_start().
 */
must_check int console_socket_open(struct console_socket *s, const char *path,
				   struct err *err);
void console_socket_start(struct console_socket *s);

bool console_socket_has_room(const struct console_socket *s, size_t len);
bool console_socket_is_empty(const struct console_socket *s);

/* What the console wrote. There must be room. */
void console_socket_add(struct console_socket *s, const char *data, size_t len);

/* Whether what is typed is to be read now. */
void console_socket_set_typing(struct console_socket *s, bool is_wanted);

/* No more watchers, and nothing more from those that are there. */
void console_socket_close_input(struct console_socket *s);
void console_socket_done(struct console_socket *s);

#endif
