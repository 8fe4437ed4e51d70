/* SPDX-License-Identifier: Apache-2.0 */
#include "guardian.h"

#include "deadline.h"
#include "guardian_watch.h"
#include "nic.h"
#include "nic_quota.h"
#include "privilege.h"
#include "seal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define NAME "xkvm-guardian"
/* For the removal of what a failure has left in the database. */
#define CLEAN_UP_MS 2000
/* Above all that the guardian itself waits for. */
#define ANSWER_TIMEOUT_S 12

#define WORD_COMMIT 'C'
#define WORD_UNDO 'U'

/* What it is told of each tap, in the order of the list. */
struct told_tap {
	uint32_t index;
	char name[NET_NAME_MAX + 1];
};

/* What came of adding the ports. */
struct report {
	bool has_failed;
	struct fail fail; /* if it has */
	char ports[NET_NICS_MAX][NET_UUID_SIZE]; /* else */
};

/* --- the process ---------------------------------------------------------- */

/* The ports to add, and the NICs that they are for. */
struct ports {
	size_t count;
	unsigned int nics[NET_NICS_MAX];
	struct ovs_port ports[NET_NICS_MAX];
	char macs[NET_NICS_MAX][MAC_TEXT_SIZE];
	struct ovs_made made[NET_NICS_MAX];
};

static void add_port(struct ports *all, const struct nic *nic,
		     unsigned int number)
{
	const struct add *want = &nic->want;
	char *mac = all->macs[all->count];

	if (want->has_mac)
		mac_format(want->mac, mac);
	all->nics[all->count] = number;
	all->ports[all->count++] = (struct ovs_port){
		.name = nic->tap.name,
		.bridge = want->bridge,
		.ifindex = nic->made.index,
		.mtu = want->mtu,
		.vlan = want->vlan,
		.trunks = &want->trunks,
		.iface_id = want->iface_id,
		.mac = mac,
		/* A name that was cut may end within a character. */
		.vm = ovs_rows_take_text(want->vm) ? want->vm : "",
	};
}

/* Removes the ports again, or says that it will. */
static void take_back(struct guard *guard, struct fail *fail)
{
	char cause[sizeof(fail->text)];
	const struct fail original = *fail;
	struct fail why;

	if (guard_remove_ports(guard, deadline_in(CLEAN_UP_MS), &why) == 0)
		return;
	memcpy(cause, fail->text, sizeof(cause));
	fail_set(fail, original.code,
		 "%s; its database may have the port all the same, and will be "
		 "rid of it as soon as it answers",
		 cause);
	fail->nic = original.nic;
}

/* Of two requests at once, the one whose ports come last gives up. */
static int check_quotas(struct guard *guard, const struct ports *all,
			int64_t deadline, size_t *ret_failed, struct fail *fail)
{
	struct nic_list *list = guard->list;

	for (size_t i = 0; i < all->count; i++) {
		*ret_failed = i;
		if (nic_quota_check(&guard->links, &list->ovs, list->permit,
				    &list->nics[all->nics[i]], 0, deadline,
				    fail) < 0)
			return -1;
	}
	return 0;
}

static int add_ports(struct guard *guard, struct ports *all, int64_t deadline,
		     struct fail *fail)
{
	struct nic_list *list = guard->list;
	size_t failed;
	int rc;

	for (unsigned int i = 0; i < list->count; i++)
		if (guard->taps[i].has_port)
			add_port(all, &list->nics[i], i);
	if (all->count == 0)
		return 0;
	rc = ovs_add(&list->ovs, &guard->links, &list->owner, all->ports,
		     all->count, deadline, all->made, &failed, fail);
	if (rc == 0)
		rc = check_quotas(guard, all, deadline, &failed, fail);
	if (rc == 0)
		return 0;
	fail->nic = failed < all->count ? (int)all->nics[failed] : FAIL_NO_NIC;
	take_back(guard, fail);
	return rc;
}

static void report_ports(struct guard *guard, int64_t deadline,
			 struct report *ret)
{
	struct ports *all = calloc(1, sizeof(*all));

	if (!all)
		ret->has_failed = fail_errno(&ret->fail, ENOMEM, NULL,
					     "no room for ports") < 0;
	else
		ret->has_failed = add_ports(guard, all, deadline, &ret->fail) <
				  0;
	for (size_t i = 0; all && i < all->count; i++)
		memcpy(ret->ports[all->nics[i]], all->made[i].uuid,
		       NET_UUID_SIZE);
	free(all);
}

/* Closes all but the standard descriptors and two others. */
static int keep_descriptors(int one, int other)
{
	const unsigned int low = (unsigned int)(one < other ? one : other);
	const unsigned int high = (unsigned int)(one < other ? other : one);
	const unsigned int first = STDERR_FILENO + 1;

	if (low > first && close_range(first, low - 1, 0) < 0)
		return -1;
	if (high > low + 1 && close_range(low + 1, high - 1, 0) < 0)
		return -1;
	return close_range(high + 1, ~0U, 0);
}

/*
 * Lets go of all that is the client's: its session with its signals, and every
 * descriptor but the one to xkvm-net and that of the database.
 */
static int leave_client(struct nic_list *list, int fd)
{
	const int database = list->ovs.db.fd;
	int nowhere;

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, NAME);
	/* libcap-ng reads /proc anew after a fork: before the seal, then. */
	if (chdir("/") < 0 || privilege_keep() < 0 ||
	    keep_descriptors(fd, database < 0 ? fd : database) < 0)
		return -1;
	nowhere = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (int i = 0; i <= STDERR_FILENO; i++)
		if (dup2(nowhere, i) < 0)
			return -1;
	return close(nowhere);
}

/* Sends it all, with a descriptor if there is one. False where the other side
 * will not have it. */
static bool send_whole(int fd, void *data, size_t len, int passed)
{
	struct iovec vector = { data, len };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };
	ssize_t sent;

	if (passed >= 0) {
		struct cmsghdr *rights;

		header.msg_control = control;
		header.msg_controllen = sizeof(control);
		rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(rights), &passed, sizeof(int));
	}
	do {
		sent = sendmsg(fd, &header, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)len;
}

static bool send_word(int fd, char word, int passed)
{
	return send_whole(fd, &word, sizeof(word), passed);
}

/* The next word; '\0' at the end. Writes the descriptor with it, or -1. */
static char receive_word(int fd, int *ret_passed)
{
	char word = '\0';
	struct iovec vector = { &word, sizeof(word) };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct msghdr header = { .msg_iov = &vector,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };
	const struct cmsghdr *rights;
	ssize_t len;

	do {
		len = recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
	} while (len < 0 && errno == EINTR);
	*ret_passed = -1;
	rights = len < 0 ? NULL : CMSG_FIRSTHDR(&header);
	if (rights)
		memcpy(ret_passed, CMSG_DATA(rights), sizeof(int));
	return len == sizeof(word) ? word : '\0';
}

static void follow(struct guard *guard, int fd)
{
	if (receive_word(fd, &guard->lifeline) == WORD_COMMIT) {
		close(fd);
		guard_sweep(guard, deadline_in(CLEAN_UP_MS));
	} else {
		/* What fails is tried again, when nobody waits any more. */
		guard_finish(guard);
		send_word(fd, WORD_UNDO, -1);
		close(fd);
	}
	guard_watch(guard);
}

/* Awaits the taps. False where there are none to guard: xkvm-net has ended, or
 * undoes by itself what it made of them. */
static bool learn_taps(struct nic_list *list, int fd)
{
	struct told_tap taps[NET_NICS_MAX];
	ssize_t len;

	do {
		len = recv(fd, taps, sizeof(taps), 0);
	} while (len < 0 && errno == EINTR);
	if (len != (ssize_t)(list->count * sizeof(*taps)))
		return false;
	for (unsigned int i = 0; i < list->count; i++) {
		list->nics[i].made.index = taps[i].index;
		memcpy(list->nics[i].tap.name, taps[i].name,
		       sizeof(taps[i].name));
	}
	return true;
}

/* The process, to its end. */
static int run(struct nic_list *list, int fd, int64_t deadline)
{
	struct guard guard;
	struct report report = { 0 };

	if (leave_client(list, fd) < 0 || guard_open(&guard, list) < 0)
		return EXIT_FAILURE;
	report.has_failed = seal_process(&report.fail) < 0;
	if (!learn_taps(list, fd))
		return EXIT_SUCCESS;
	if (report.has_failed) {
		send(fd, &report, sizeof(report), MSG_NOSIGNAL);
		return EXIT_FAILURE;
	}
	report_ports(&guard, deadline, &report);
	/* Without it xkvm-net is told at once, by the end of the connection. */
	if (!send_whole(fd, &report, sizeof(report), -1))
		shutdown(fd, SHUT_RDWR);
	follow(&guard, fd);
	return EXIT_SUCCESS;
}

/* --- the side of xkvm-net ------------------------------------------------- */

static int fail_gone(struct fail *fail)
{
	return fail_set(fail, FAIL_SYS,
			"the process that was to guard the taps has ended, or "
			"does not answer");
}

int guardian_start(struct nic_list *list, int64_t deadline, struct fail *fail)
{
	const struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_S };
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_errno(fail, errno, NULL, "no socket pair");
	pid = fork();
	if (pid == 0)
		_exit(run(list, pair[1], deadline));
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return fail_errno(fail, errno, NULL,
				  "cannot start a process to guard the taps");
	}
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	list->guardian.fd = pair[0];
	return 0;
}

int guardian_tell(struct nic_list *list, struct fail *fail)
{
	struct told_tap taps[NET_NICS_MAX];

	for (unsigned int i = 0; i < list->count; i++) {
		taps[i].index = list->nics[i].made.index;
		memcpy(taps[i].name, list->nics[i].tap.name,
		       sizeof(taps[i].name));
	}
	list->guardian.has_taps = true;
	list->guardian.owes_report = true;
	if (!send_whole(list->guardian.fd, taps, list->count * sizeof(*taps),
			-1))
		return fail_gone(fail);
	return 0;
}

int guardian_await(struct nic_list *list, struct fail *fail)
{
	struct report report;

	list->guardian.owes_report = false;
	if (recv(list->guardian.fd, &report, sizeof(report), 0) !=
	    sizeof(report))
		return fail_gone(fail);
	if (report.has_failed) {
		*fail = report.fail;
		return -1;
	}
	for (unsigned int i = 0; i < list->count; i++)
		memcpy(list->nics[i].port, report.ports[i], NET_UUID_SIZE);
	return 0;
}

static void leave(struct guardian *guardian)
{
	close(guardian->fd);
	guardian->fd = -1;
}

int guardian_commit(struct guardian *guardian, int lifeline, struct fail *fail)
{
	if (guardian->fd < 0)
		return 0;
	if (!send_word(guardian->fd, WORD_COMMIT, lifeline))
		return fail_gone(fail);
	leave(guardian);
	return 0;
}

bool guardian_undo(struct guardian *guardian)
{
	bool is_undone;
	int ignored;

	if (guardian->fd < 0)
		return false;
	shutdown(guardian->fd, SHUT_WR);
	if (guardian->owes_report)
		receive_word(guardian->fd, &ignored);
	is_undone = guardian->has_taps &&
		    receive_word(guardian->fd, &ignored) == WORD_UNDO;
	leave(guardian);
	return is_undone;
}
