/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which way follows which. Where xkvm-net and sudo would be, there are links to
 * this program, which does as the name says: see play().
 */
#include "run/tap_source.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

static const struct tap_request REQUEST = { .bridge = "br0" };

/* ---- what is started ---- */

static void await_go(int fd)
{
	char buf[4096] = "";

	while (!str_starts(buf, "GO")) {
		ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);

		if (n <= 0)
			_exit(1);
		buf[n] = '\0';
	}
}

static void say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		_exit(1);
}

/* OK, with a descriptor that is no tap, but nobody looks. */
static void hand_over(int fd)
{
	char ok[] = "OK if=xk0 ifindex=7 type=linux mtu=1500";
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { ok, strlen(ok) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *rights = CMSG_FIRSTHDR(&msg);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(rights), &null, sizeof(null));
	if (sendmsg(fd, &msg, 0) < 0)
		_exit(1);
	close_fd(&null);
}

static int play(const char *name, int fd, char **argv)
{
	if (str_eq(name, "silent"))
		return 3;
	if (argv && str_eq(name, "sudo")) {
		char *net = argv[3];
		char *const args[] = { net, NULL };

		if (!str_eq(argv[1], "-n") || !str_eq(argv[2], "--"))
			return 4;
		execv(net, args);
		return 5;
	}
	if (str_eq(name, "nosudo")) {
		fputs("a lecture\nsudo: a password is required\n", stderr);
		return 1;
	}
	if (str_eq(name, "deaf")) {
		char byte;

		/* GO is left unread, which resets the connection. */
		recv(fd, &byte, sizeof(byte), 0);
		recv(fd, &byte, sizeof(byte), 0);
		recv(fd, &byte, sizeof(byte), MSG_PEEK);
		say(fd, "HELLO v=1");
		say(fd, "ERR code=acl nic=0 msg=refused unheard");
		return 0;
	}
	await_go(fd);
	say(fd, "HELLO v=1");
	if (str_eq(name, "denied"))
		say(fd, "ERR code=denied nic=0 msg=no privilege");
	else if (str_eq(name, "noovs"))
		say(fd, "ERR code=noovs nic=0 msg=no switch");
	else if (str_eq(name, "acl"))
		say(fd, "ERR code=acl nic=0 msg=not for you: code=denied");
	else
		hand_over(fd);
	return 0;
}

/* A service that does as `name` says, for one client. */
static pid_t serve(const char *path, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	cleanup_close int fd =
		socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	assert_int_equal(listen(fd, 1), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(play(name, accept(fd, NULL, NULL), NULL));
	return pid;
}

/* ---- the tests ---- */

static const struct {
	const char *net; /* what xkvm-net does when it is started */
	const char *sudo; /* what sudo does */
	const char *service; /* what the service does; NULL: it is not there */
	const char *cause;
	enum helper_way ways[3]; /* ends with auto */
	size_t failed; /* the request at fault; 1: none is */
	const char *want; /* the message; NULL: a tap */
} rows[] = {
	{ .net = "ok", .ways = { HELPER_DIRECT } },
	{ .net = "ok", .sudo = "sudo", .ways = { HELPER_SUDO } },
	{ .service = "ok", .ways = { HELPER_SOCKET } },
	/* A way that lacks a privilege makes room. */
	{ .net = "denied",
	  .service = "ok",
	  .ways = { HELPER_DIRECT, HELPER_SOCKET } },
	{ .net = "noovs",
	  .service = "ok",
	  .ways = { HELPER_DIRECT, HELPER_SOCKET } },
	{ .net = "silent",
	  .service = "ok",
	  .ways = { HELPER_DIRECT, HELPER_SOCKET } },
	{ .net = "nowhere",
	  .service = "ok",
	  .ways = { HELPER_DIRECT, HELPER_SOCKET } },
	{ .net = "ok", .sudo = "sudo", .ways = { HELPER_SOCKET, HELPER_SUDO } },
	/* What the list denies is denied. */
	{ .net = "acl",
	  .service = "ok",
	  .ways = { HELPER_DIRECT, HELPER_SOCKET },
	  .want = "not for you: code=denied" },
	{ .net = "deaf", .ways = { HELPER_DIRECT }, .want = "refused unheard" },
	/* Each one's reason, after that of the plan. */
	{ .net = "denied",
	  .sudo = "nosudo",
	  .ways = { HELPER_DIRECT, HELPER_SUDO },
	  .failed = 1,
	  .want = "no privilege; by sudo: sudo: a password is required" },
	{ .net = "ok",
	  .sudo = "nosudo",
	  .cause = "it is so",
	  .ways = { HELPER_SUDO },
	  .failed = 1,
	  .want = "it is so; by sudo: sudo: a password is required" },
	{ .net = "ok",
	  .sudo = "nosudo",
	  .ways = { HELPER_SUDO },
	  .failed = 1,
	  .want = "sudo: a password is required" },
	{ .net = "silent",
	  .sudo = "sudo",
	  .ways = { HELPER_SUDO },
	  .failed = 1,
	  .want = "sudo did not get xkvm-net to answer" },
	{ .net = "denied", .ways = { HELPER_DIRECT }, .want = "no privilege" },
	{ .net = "silent",
	  .ways = { HELPER_DIRECT },
	  .failed = 1,
	  .want = "xkvm-net ended without an answer" },
	{ .cause = "nobody", .failed = 1, .want = "nobody" },
};

static char *path_of(const char *name)
{
	return name ? folder_path(test_folder, name) : NULL;
}

static void check_row(size_t i)
{
	cleanup_free char *row = xasprintf("row %zu", i);
	cleanup_free char *net = path_of(rows[i].net);
	cleanup_free char *sudo = path_of(rows[i].sudo);
	cleanup_free char *socket = folder_path(test_folder, row);
	cleanup_free char *cause = rows[i].cause ? xstrdup(rows[i].cause)
						 : NULL;
	struct plan plan = { .helper = { .net = net,
					 .sudo = sudo,
					 .socket = socket,
					 .cause = cause },
			     .tap_count = 1 };
	struct plan_helper *helper = &plan.helper;
	struct tap_source source;
	struct tap *taps = NULL;
	size_t failed = 9;
	pid_t server = rows[i].service ? serve(socket, rows[i].service) : -1;
	struct err err;

	while (rows[i].ways[helper->way_count] != HELPER_AUTO) {
		helper->ways[helper->way_count] =
			rows[i].ways[helper->way_count];
		helper->way_count++;
	}
	tap_source_begin(&plan, &REQUEST, &source);
	int r = tap_source_finish(&source, &taps, &failed, &err);
	if (rows[i].want) {
		assert_true(r == -EACCES || r == -EPERM);
		check_text(row, err.text, rows[i].want);
		check_number(row, (long long)failed, (long long)rows[i].failed);
	} else {
		check_ok(row, r, &err);
		check_text(row, taps[0].name, "xk0");
		assert_int_equal(taps[0].fd_count, 1);
		taps_free(taps, 1);
		tap_client_end(&source.client);
	}
	if (server > 0)
		kill(server, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void test_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(i);
}

static int set_up(void **state)
{
	static const char *const names[] = { "ok",     "denied", "noovs",
					     "acl",    "silent", "sudo",
					     "nosudo", "deaf" };
	char self[4096] = "";

	if (folder_set_up(state) < 0 ||
	    readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		cleanup_free char *path = folder_path(test_folder, names[i]);

		if (symlink(self, path) < 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ways, set_up,
						folder_tear_down),
	};
	const char *name = basename(argv[0]);

	(void)argc;
	if (!str_starts(name, "test-"))
		return play(name, STDIN_FILENO, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
