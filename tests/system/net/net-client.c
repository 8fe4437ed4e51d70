/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of xkvm-net for the tests: does the steps that its arguments name,
 * and prints what it gets, one line each.
 *
 *	ADD ...		any argument that starts with a capital: sent as it is
 *	fd:TEXT		sent with a descriptor
 *	hex:4142	the bytes, sent
 *	size:N		N bytes, sent
 *	recv		prints the next answer, and the queue behind each of its
 *			descriptors; or "eof"
 *	rest		the same until the end
 *	queues		prints the queue behind each descriptor, once more
 *	drop		closes the descriptors that it got
 *	persist		makes the first tap persistent, as every holder may
 *	frame		passes a frame from the first tap to the last
 *	pause		prints "paused" and awaits the end of its input
 *	gone		awaits the end of xkvm-net
 *	shut		says that no more messages come
 *	end		closes the socket, awaits xkvm-net, prints "exit STATUS"
 *
 * It starts $XKVM_NET, or, where $XKVM_NET_RUN is set, that line by the shell.
 * As first argument, `--no-argv` starts $XKVM_NET with argc 0. It gives up, by
 * SIGALRM, where the whole takes more than half a minute.
 */
#include "wire.h"

#include <err.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_SECONDS 30
#define FRAME_TIMEOUT_MS 5000
/* What IFF_VNET_HDR puts before a frame. */
#define VNET_HEADER_SIZE 10
#define FRAME_SIZE 60
#define FDS_MAX (NET_NICS_MAX * 4)

struct client {
	int socket;
	pid_t helper;
	int fds[FDS_MAX];
	int n_fds;
};

static void start_helper(struct client *client, bool has_argv)
{
	const char *line = getenv("XKVM_NET_RUN");
	const char *path = getenv("XKVM_NET");
	char *none[] = { NULL };
	int pair[2];

	if (!path)
		errx(2, "XKVM_NET is not set: the path of xkvm-net");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		err(1, "socketpair");
	client->helper = fork();
	if (client->helper < 0)
		err(1, "fork");
	if (client->helper > 0) {
		close(pair[1]);
		client->socket = pair[0];
		return;
	}
	dup2(pair[1], STDIN_FILENO);
	if (!has_argv)
		execv(path, none);
	else if (line)
		execl("/bin/sh", "sh", "-c", line, NULL);
	else
		execl(path, path, NULL);
	err(127, "%s", path);
}

static void send_bytes(const struct client *client, const void *data,
		       size_t len, bool with_fd)
{
	struct iovec vector = { (void *)data, len };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

	if (with_fd) {
		struct cmsghdr *rights = (void *)control;
		const int fd = STDERR_FILENO;

		header.msg_control = control;
		header.msg_controllen = sizeof(control);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	}
	/* xkvm-net may have ended the dialogue already: that is no failure. */
	if (sendmsg(client->socket, &header, MSG_NOSIGNAL) < 0)
		warn("send");
}

static void send_hex(const struct client *client, const char *hex)
{
	unsigned char data[NET_DATAGRAM_MAX];
	size_t len = 0;
	unsigned int byte;

	while (len < sizeof(data) && sscanf(hex + 2 * len, "%2x", &byte) == 1)
		data[len++] = (unsigned char)byte;
	send_bytes(client, data, len, false);
}

static void send_size(const struct client *client, size_t len)
{
	char *data = malloc(len + 1);

	if (!data)
		err(1, "malloc");
	memset(data, 'A', len);
	send_bytes(client, data, len, false);
	free(data);
}

static void print_queue(int fd)
{
	struct ifreq request = { 0 };

	if (ioctl(fd, TUNGETIFF, &request) < 0) {
		/* Deleted since, by an xkvm-net that undoes it all. */
		if (errno != EBADFD)
			err(1, "TUNGETIFF");
		puts("queue gone");
		return;
	}
	printf("queue %s%s%s%s\n", request.ifr_name,
	       request.ifr_flags & IFF_VNET_HDR ? " vnet_hdr" : "",
	       request.ifr_flags & IFF_MULTI_QUEUE ? " multi_queue" : "",
	       request.ifr_flags & IFF_PERSIST ? " persist" : "");
}

static void keep_descriptors(struct client *client, struct msghdr *header)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(header);
	size_t count;

	if (header->msg_flags & MSG_CTRUNC)
		errx(1, "descriptors were lost");
	if (!cmsg)
		return;
	count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (size_t i = 0; i < count; i++) {
		int *fd = &client->fds[client->n_fds];

		if (client->n_fds == FDS_MAX)
			errx(1, "more descriptors than expected");
		client->n_fds++;
		memcpy(fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(int));
		print_queue(*fd);
	}
}

/* False at the end. */
static bool receive(struct client *client)
{
	char data[NET_DATAGRAM_MAX];
	struct iovec vector = { data, sizeof(data) };
	_Alignas(struct cmsghdr) char
		control[CMSG_SPACE(NET_QUEUES_MAX * sizeof(int))];
	struct msghdr header = { .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };
	ssize_t len;

	/* That the connection was reset is told once, before what was sent. */
	do {
		len = recvmsg(client->socket, &header, MSG_CMSG_CLOEXEC);
	} while (len < 0 && errno == ECONNRESET);
	if (len <= 0) {
		puts("eof");
		return false;
	}
	if (header.msg_flags & MSG_TRUNC)
		errx(1, "an answer is too long");
	printf("%.*s\n", (int)len, data);
	keep_descriptors(client, &header);
	return true;
}

static void print_queues(const struct client *client)
{
	for (int i = 0; i < client->n_fds; i++)
		print_queue(client->fds[i]);
}

static void drop(struct client *client)
{
	while (client->n_fds > 0)
		close(client->fds[--client->n_fds]);
}

static void persist(const struct client *client)
{
	if (ioctl(client->fds[0], TUNSETPERSIST, 1UL) < 0)
		err(1, "TUNSETPERSIST");
}

/* Sends a broadcast of an experimental Ethernet type. */
static void pass_frame(const struct client *client)
{
	unsigned char sent[VNET_HEADER_SIZE + FRAME_SIZE] = { 0 };
	unsigned char got[2048];
	int to = client->fds[client->n_fds - 1];
	struct pollfd ready = { .fd = to, .events = POLLIN };
	unsigned char *frame = sent + VNET_HEADER_SIZE;

	memset(frame, 0xff, 6);
	memcpy(frame + 6, "\x52\x54\x00\x00\x00\x01\x88\xb5xkvm", 12);
	if (write(client->fds[0], sent, sizeof(sent)) != sizeof(sent))
		err(1, "cannot send a frame");
	while (poll(&ready, 1, FRAME_TIMEOUT_MS) > 0) {
		ssize_t len = read(to, got, sizeof(got));

		if (len == sizeof(sent) &&
		    memcmp(got + VNET_HEADER_SIZE, frame, FRAME_SIZE) == 0) {
			puts("frame passed");
			return;
		}
	}
	puts("frame lost");
}

static void await_input_end(void)
{
	char byte;

	puts("paused");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static void await_helper_end(const struct client *client)
{
	siginfo_t info;

	if (waitid(P_PID, (id_t)client->helper, &info, WEXITED | WNOWAIT) < 0)
		err(1, "waitid");
}

static void end(struct client *client)
{
	int status;

	close(client->socket);
	if (waitpid(client->helper, &status, 0) < 0)
		err(1, "waitpid");
	printf("exit %d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status)
						: WEXITSTATUS(status));
}

static void do_step(struct client *client, const char *step)
{
	if (step[0] >= 'A' && step[0] <= 'Z')
		send_bytes(client, step, strlen(step), false);
	else if (strncmp(step, "fd:", 3) == 0)
		send_bytes(client, step + 3, strlen(step + 3), true);
	else if (strncmp(step, "hex:", 4) == 0)
		send_hex(client, step + 4);
	else if (strncmp(step, "size:", 5) == 0)
		send_size(client, strtoul(step + 5, NULL, 10));
	else if (strcmp(step, "recv") == 0)
		receive(client);
	else if (strcmp(step, "rest") == 0)
		while (receive(client))
			;
	else if (strcmp(step, "queues") == 0)
		print_queues(client);
	else if (strcmp(step, "drop") == 0)
		drop(client);
	else if (strcmp(step, "persist") == 0 && client->n_fds > 0)
		persist(client);
	else if (strcmp(step, "frame") == 0 && client->n_fds > 1)
		pass_frame(client);
	else if (strcmp(step, "pause") == 0)
		await_input_end();
	else if (strcmp(step, "gone") == 0)
		await_helper_end(client);
	else if (strcmp(step, "shut") == 0)
		shutdown(client->socket, SHUT_WR);
	else if (strcmp(step, "end") == 0)
		end(client);
	else
		errx(2, "'%s' is not a step, or not here", step);
}

int main(int argc, char **argv)
{
	struct client client = { 0 };
	bool has_argv = argc < 2 || strcmp(argv[1], "--no-argv") != 0;

	alarm(DEADLINE_SECONDS);
	start_helper(&client, has_argv);
	for (int i = has_argv ? 1 : 2; i < argc; i++)
		do_step(&client, argv[i]);
	drop(&client);
	return 0;
}
