/* SPDX-License-Identifier: Apache-2.0 */
#include "run/bridge_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/strv.h"

/* What is open while it runs. */
struct dialogue {
	struct process process;
	int socket; /* owned */
	int complaints; /* owned; its standard error */
};

static void dialogue_done(struct dialogue *dialogue)
{
	struct err ignored;
	int status;

	close_fd(&dialogue->socket);
	close_fd(&dialogue->complaints);
	if (dialogue->process.pidfd >= 0 &&
	    process_wait(&dialogue->process, &status, &ignored) < 0)
		close_fd(&dialogue->process.pidfd);
}

/* The number of its socket there. */
#define HELPER_FD 3

static int start(const char *path, const char *bridge,
		 struct dialogue *dialogue, struct err *err)
{
	const struct timeval timeout = { .tv_sec = HELPER_ANSWER_S };
	cleanup_strv struct strv argv = STRV_INIT;
	int pair[2], complaints[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	dialogue->socket = pair[0];
	cleanup_close int theirs = pair[1];
	if (pipe2(complaints, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_set_errno(err, -errno, "cannot make a pipe");
	dialogue->complaints = complaints[0];
	cleanup_close int to_us = complaints[1];
	setsockopt(dialogue->socket, SOL_SOCKET, SO_RCVTIMEO, &timeout,
		   sizeof(timeout));

	strv_add(&argv, path);
	strv_add(&argv, "--use-vnet");
	strv_addf(&argv, "--br=%s", bridge);
	strv_addf(&argv, "--fd=%d", HELPER_FD);
	const struct process_fd fds[] = { { theirs, HELPER_FD },
					  { to_us, STDERR_FILENO } };
	const struct process_start process_start_ = {
		.path = path,
		.argv = argv.items,
		.fds = fds,
		.fd_count = ARRAY_SIZE(fds),
		.own_group = true,
		.is_stdin_empty = true,
	};
	return process_start(&process_start_, &dialogue->process, err);
}

/* The descriptor comes with one byte that says nothing. -1: none came. */
static int receive(int socket)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte;
	struct iovec iov = { &byte, sizeof(byte) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	const struct cmsghdr *cmsg;
	ssize_t n;
	int fd;

	do {
		n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	cmsg = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	if (!cmsg || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SCM_RIGHTS ||
	    cmsg->cmsg_len != CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	return fd;
}

static int read_name(int fd, struct tap *ret, struct err *err)
{
	struct ifreq request = { 0 };

	if (ioctl(fd, TUNGETIFF, &request) < 0)
		return err_set_errno(
			err, -EPROTO,
			"what QEMU's bridge helper sent is no tap");
	memcpy(ret->name, request.ifr_name, sizeof(ret->name));
	ret->name[sizeof(ret->name) - 1] = '\0';
	return 0;
}

/* Only at its end all that it has to say is there. */
static int refused(const char *path, struct dialogue *dialogue, struct err *err)
{
	cleanup_close int complaints = take_fd(dialogue->complaints);

	dialogue_done(dialogue);
	cleanup_free char *words = helper_last_words(complaints);
	return err_set(err, -EACCES, "%s: %s", path,
		       words ? words : "it ended without a word");
}

static int make_tap(const char *path, const struct tap_request *request,
		    struct tap *ret, struct err *err)
{
	cleanup(dialogue_done) struct dialogue dialogue = { PROCESS_INIT, -1,
							    -1 };

	if (start(path, request->bridge, &dialogue, err) < 0) {
		err->code = -EACCES;
		return err->code;
	}
	cleanup_close int fd = receive(dialogue.socket);
	if (fd < 0)
		return refused(path, &dialogue, err);
	int r = read_name(fd, ret, err);
	if (r < 0)
		return r;
	ret->fds = xcalloc(1, sizeof(*ret->fds));
	ret->fds[0] = take_fd(fd);
	ret->fd_count = 1;
	return 0;
}

int bridge_helper_request(const char *path, const struct tap_request *requests,
			  size_t count, struct tap **ret, size_t *ret_failed,
			  struct err *err)
{
	struct tap *taps = xcalloc(count, sizeof(*taps));
	int r = 0;

	*ret_failed = count;
	for (size_t i = 0; r == 0 && i < count; i++) {
		r = make_tap(path, &requests[i], &taps[i], err);
		if (r < 0)
			*ret_failed = i;
	}
	if (r < 0) {
		taps_free(taps, count);
		return r;
	}
	*ret = taps;
	return 0;
}
