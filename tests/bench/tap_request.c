/* SPDX-License-Identifier: Apache-2.0 */
#include "taps.h"

#include "wire.h"

#include <err.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void start_helper(const struct bridge *bridge, struct request *ret)
{
	char *path = getenv("XKVM_NET");
	char option[] = "--ovsdb";
	char *argv[] = { path, bridge->ovsdb ? option : NULL,
			 (char *)bridge->ovsdb, NULL };
	posix_spawn_file_actions_t actions;
	int pair[2];

	if (!path)
		errx(2, "XKVM_NET is not set: the path of xkvm-net");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		err(1, "socketpair");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
	if (posix_spawn(&ret->helper, path, &actions, NULL, argv, environ) != 0)
		errx(1, "cannot start '%s'", path);
	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	ret->socket = pair[0];
}

static void send_text(const struct request *request, const char *text)
{
	if (send(request->socket, text, strlen(text), MSG_NOSIGNAL) < 0)
		err(1, "xkvm-net");
}

/* The next answer, which begins with `start`, and the descriptor in it. */
static int receive(const struct request *request, const char *start,
		   char text[NET_DATAGRAM_MAX + 1])
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec vector = { text, NET_DATAGRAM_MAX };
	struct msghdr header = { .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };
	ssize_t len = recvmsg(request->socket, &header, MSG_CMSG_CLOEXEC);
	int fd = -1;

	if (len < 0)
		err(1, "xkvm-net");
	text[len] = '\0';
	if (strncmp(text, start, strlen(start)) != 0)
		errx(1, "xkvm-net says '%s'", text);
	if (CMSG_FIRSTHDR(&header))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof(fd));
	return fd;
}

void tap_request_make(const struct bridge *bridge, unsigned int count,
		      struct request *ret, struct taps *ret_taps)
{
	char text[NET_DATAGRAM_MAX + 1];

	start_helper(bridge, ret);
	send_text(ret, NET_HELLO " v=1");
	for (unsigned int i = 0; i < count; i++) {
		snprintf(text, sizeof(text),
			 NET_ADD " bridge=%s mac=52:54:00:00:01:%02x",
			 bridge->name, i);
		send_text(ret, text);
	}
	send_text(ret, NET_GO);
	receive(ret, NET_HELLO, text);
	for (unsigned int i = 0; i < count; i++) {
		const char *index;

		ret_taps->fds[i] = receive(ret, NET_OK, text);
		index = strstr(text, " ifindex=");
		ret_taps->indexes[i] =
			index ? (uint32_t)strtoul(index + strlen(" ifindex="),
						  NULL, 10)
			      : 0;
	}
	ret_taps->count = count;
}

static void await_end(struct request *request)
{
	int status;

	if (waitpid(request->helper, &status, 0) < 0 || status != 0)
		errx(1, "xkvm-net failed");
}

void tap_request_commit(struct request *request)
{
	char text[NET_DATAGRAM_MAX + 1];

	send_text(request, NET_COMMIT " lifeline=1");
	receive(request, NET_DONE, text);
	await_end(request);
}

void tap_request_release(struct request *request)
{
	char byte;

	shutdown(request->socket, SHUT_WR);
	if (recv(request->socket, &byte, sizeof(byte), 0) != 0)
		errx(1, "the guardian did not end the lifeline");
	close(request->socket);
}

void tap_request_undo(struct request *request)
{
	close(request->socket);
	await_end(request);
}
