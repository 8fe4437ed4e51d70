/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xkvm-net makes taps on bridges and hands them over by descriptor. It is the
 * privileged part of xkvm: it starts no program, does what wire.h says and
 * nothing else, and opens nothing but /dev/net/tun, netlink, Open vSwitch's
 * database, the boot id and, for a client that is held to it, the access list
 * and the databases of users and groups.
 */
#include "check.h"
#include "ovsdb.h"
#include "privilege.h"
#include "session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATUS_NOT_STARTED 2

static const char help[] =
	"usage: xkvm-net [--ovsdb PATH]\n"
	"       " CHECK_USAGE "\n"
	"       xkvm-net --help | --version\n"
	"\n"
	"Makes network taps for xkvm, which starts it with a seqpacket socket\n"
	"as standard input. With --check it looks for mistakes in the access\n"
	"list, or in FILE, and says which bridges are open to the user.\n"
	"\n"
	"  --ovsdb PATH  where Open vSwitch's database listens\n"
	"                (" OVSDB_PATH ")\n";

/*
 * Nobody who starts it has a say in anything but the socket: not by signals,
 * open descriptors, the environment, or the file mode mask.
 */
static void forget_caller(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int signal = 1; signal <= SIGRTMAX; signal++)
		sigaction(signal, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	clearenv();
	umask(077);
}

/*
 * So that no tap becomes standard error, and a message a frame: what is closed
 * of the first three descriptors is filled with a socket that goes nowhere.
 */
static int fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			return -1;
	} while (fd <= STDERR_FILENO);
	return close(fd);
}

static int option_of(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -1
								     : value;
}

static int is_client(int fd)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);

	return option_of(fd, SO_DOMAIN) == AF_UNIX &&
	       option_of(fd, SO_TYPE) == SOCK_SEQPACKET &&
	       getpeername(fd, (struct sockaddr *)&peer, &size) == 0;
}

static int print(const char *text)
{
	if (fputs(text, stdout) < 0 || fflush(stdout) != 0) {
		perror("xkvm-net: standard output");
		return STATUS_NOT_STARTED;
	}
	return EXIT_SUCCESS;
}

/*
 * The path of the database that the arguments name, or that of most hosts. NULL
 * after a message on standard error.
 */
static const char *find_ovsdb(int argc, char **argv)
{
	if (argc <= 1)
		return OVSDB_PATH;
	if (argc != 3 || strcmp(argv[1], "--ovsdb") != 0) {
		fprintf(stderr,
			"xkvm-net: '%s': it takes no argument but --ovsdb "
			"PATH, --check, --help or --version\n",
			argv[1]);
		return NULL;
	}
	return argv[2];
}

/* Who gets privileges by starting this program does not choose what it
 * believes. */
static int refuse_ovsdb(void)
{
	struct fail fail;

	fail_set(&fail, FAIL_DENIED,
		 "--ovsdb is not for an xkvm-net that has file capabilities or "
		 "is setuid, which believes no database of its caller's; run "
		 "xkvm as root, or leave --ovsdb out");
	return session_refuse(STDIN_FILENO, &fail);
}

int main(int argc, char **argv)
{
	const char *ovsdb;

	forget_caller();
	if (fill_standard_descriptors() < 0) {
		perror("xkvm-net: no descriptor to be had");
		return STATUS_NOT_STARTED;
	}
	if (privilege_keep() < 0) {
		perror("xkvm-net: cannot give up its privileges");
		return STATUS_NOT_STARTED;
	}
	if (argc > 1 && strcmp(argv[1], "--check") == 0)
		return check_run(argv + 2);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return print("xkvm-net " XKVM_VERSION "\n");
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return print(help);
	ovsdb = find_ovsdb(argc, argv);
	if (!ovsdb)
		return STATUS_NOT_STARTED;
	if (!is_client(STDIN_FILENO)) {
		fputs("xkvm-net: standard input is not a connected seqpacket "
		      "Unix socket; it is for xkvm to start (where sudo did, "
		      "sudo's log_input is in between: turn it off)\n",
		      stderr);
		return STATUS_NOT_STARTED;
	}
	if (argc > 1 && getauxval(AT_SECURE))
		return refuse_ovsdb();
	return session_run(STDIN_FILENO, ovsdb);
}
