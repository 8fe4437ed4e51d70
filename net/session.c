/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "message.h"
#include "nic.h"
#include "permit.h"
#include "privilege.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/*
 * What a step of the dialogue came to. A client that left is no failure, and
 * nobody is there to be told of one.
 */
enum step {
	STEP_FAILED = -1,
	STEP_CLIENT_LEFT = 0,
	STEP_DONE = 1,
};

#define step_failed(...) (fail_set(__VA_ARGS__), STEP_FAILED)

struct session {
	int fd;
	uid_t client;
	struct permit permit; /* owned */
	struct nic_list list;
	bool is_gc; /* no taps are asked for, but that garbage is removed */
	bool is_dry;
};

static enum step socket_failed(const char *what, struct fail *fail)
{
	if (errno == EPIPE || errno == ECONNRESET)
		return STEP_CLIENT_LEFT;
	fail_errno(fail, errno, NULL, "cannot %s", what);
	return STEP_FAILED;
}

/* Sends a message, with descriptors if there are any. */
static enum step send_message(int fd, const struct message *message,
			      const int *fds, unsigned int n_fds,
			      struct fail *fail)
{
	char data[NET_DATAGRAM_MAX];
	struct iovec vector = { data, message_encode(message, data) };
	_Alignas(struct cmsghdr) char
		control[CMSG_SPACE(NET_QUEUES_MAX * sizeof(int))] = { 0 };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };

	if (n_fds) {
		struct cmsghdr *rights;

		header.msg_control = control;
		header.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(rights), fds, n_fds * sizeof(int));
	}
	if (sendmsg(fd, &header, MSG_NOSIGNAL) < 0)
		return socket_failed("answer", fail);
	return STEP_DONE;
}

/*
 * Awaits the next message. Without room for ancillary data, the kernel drops
 * descriptors that the client sends, and says that there were some.
 */
static enum step receive(struct session *s, struct message *ret,
			 struct fail *fail)
{
	char data[NET_DATAGRAM_MAX];
	struct iovec vector = { data, sizeof(data) };
	struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };
	ssize_t len = recvmsg(s->fd, &header, MSG_CMSG_CLOEXEC);

	if (len < 0)
		return socket_failed("read a request", fail);
	if (header.msg_flags & MSG_CTRUNC)
		return step_failed(fail, FAIL_PROTO,
				   "a request came with descriptors; none may");
	if (header.msg_flags & MSG_TRUNC)
		return step_failed(fail, FAIL_PROTO,
				   "a request has over %d bytes",
				   NET_DATAGRAM_MAX);
	if (len == 0)
		return STEP_CLIENT_LEFT;
	if (message_parse(data, (size_t)len, ret, fail) == 0)
		return STEP_DONE;
	if ((size_t)len > strlen(NET_ADD) &&
	    memcmp(data, NET_ADD " ", strlen(NET_ADD " ")) == 0)
		fail->nic = (int)s->list.count;
	return STEP_FAILED;
}

static enum step wrong_order(const char *awaited, struct fail *fail)
{
	return step_failed(fail, FAIL_PROTO, "out of order: %s is awaited here",
			   awaited);
}

static enum step greet(struct session *s, struct fail *fail)
{
	struct message message;
	enum step step = receive(s, &message, fail);

	if (step != STEP_DONE)
		return step;
	if (message.verb != VERB_HELLO)
		return wrong_order(NET_HELLO, fail);
	if (message.version != NET_VERSION)
		return step_failed(fail, FAIL_PROTO,
				   "xkvm-net speaks version %d, its client %u; "
				   "install xkvm and xkvm-net of one release",
				   NET_VERSION, message.version);
	return send_message(s->fd, &message, NULL, 0, fail);
}

/* Takes the ADDs, up to GO; or a GC in place of all. */
static enum step collect(struct session *s, struct fail *fail)
{
	struct nic_list *list = &s->list;
	struct message message;
	enum step step;

	for (;;) {
		step = receive(s, &message, fail);
		if (step != STEP_DONE)
			return step;
		if (message.verb == VERB_GO && list->count > 0)
			return STEP_DONE;
		if (message.verb == VERB_GC && list->count == 0) {
			s->is_gc = true;
			s->is_dry = message.is_dry;
			return STEP_DONE;
		}
		if (message.verb != VERB_ADD)
			return wrong_order(list->count ? NET_ADD " or " NET_GO
						       : NET_ADD " or " NET_GC,
					   fail);
		if (list->count == NET_NICS_MAX) {
			fail_set(fail, FAIL_LIMIT,
				 "at most %d NICs go into one request; start "
				 "with fewer",
				 NET_NICS_MAX);
			fail->nic = NET_NICS_MAX;
			return STEP_FAILED;
		}
		list->nics[list->count++].want = message.add;
	}
}

/* Makes the taps, if the client may have them. */
static enum step make(struct session *s, struct fail *fail)
{
	if (permit_open(&s->permit, s->client, fail) < 0 ||
	    nic_list_make(&s->list, s->client, &s->permit, fail) < 0)
		return STEP_FAILED;
	return STEP_DONE;
}

/* Gives the client the taps. */
static enum step hand_over(struct session *s, struct fail *fail)
{
	enum step step = STEP_DONE;

	for (unsigned int i = 0; i < s->list.count && step == STEP_DONE; i++) {
		const struct nic *nic = &s->list.nics[i];
		struct message ok = {
			.verb = VERB_OK,
			.keys = KEY_BIT(KEY_IF) | KEY_BIT(KEY_IFINDEX) |
				KEY_BIT(KEY_TYPE) | KEY_BIT(KEY_MTU),
			.ok = { .ifindex = nic->made.index,
				.type = nic->attach,
				.mtu = nic->made.mtu },
		};

		if (nic->attach == ATTACH_OVS)
			ok.keys |= KEY_BIT(KEY_PORT);
		memcpy(ok.ok.port, nic->port, sizeof(ok.ok.port));
		memcpy(ok.ok.name, nic->made.name, sizeof(ok.ok.name));
		step = send_message(s->fd, &ok, nic->tap.fds, nic->tap.n_fds,
				    fail);
		if (step == STEP_FAILED)
			fail->nic = (int)i;
	}
	return step;
}

static bool has_persistent(const struct nic_list *list)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (list->nics[i].want.persist)
			return true;
	return false;
}

static enum step commit(struct session *s, struct fail *fail)
{
	struct message message;
	enum step step = receive(s, &message, fail);

	if (step != STEP_DONE)
		return step;
	if (message.verb != VERB_COMMIT)
		return wrong_order(NET_COMMIT, fail);
	if (message.has_lifeline && has_persistent(&s->list))
		return step_failed(fail, FAIL_PROTO,
				   "lifeline=1 does not go with persist=1");
	return nic_list_commit(&s->list, message.has_lifeline ? s->fd : -1,
			       fail) < 0
		       ? STEP_FAILED
		       : STEP_DONE;
}

/* For a person to read: a name of somebody else's may have any bytes. */
static void copy_name(char ret[NET_NAME_MAX + 1], const char *name)
{
	snprintf(ret, NET_NAME_MAX + 1, "%s", name);
	for (char *p = ret; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			*p = '?';
}

static void answer_gone(enum gone_kind what, const char *name,
			const char *bridge, void *context)
{
	const struct session *s = context;
	struct message gone = { .verb = VERB_GONE,
				.keys = KEY_BIT(KEY_WHAT) |
					KEY_BIT(KEY_GONE_IF),
				.gone = { .what = what } };
	struct fail ignored;

	copy_name(gone.gone.name, name);
	copy_name(gone.gone.bridge, bridge);
	if (*bridge)
		gone.keys |= KEY_BIT(KEY_GONE_BRIDGE);
	/* Who has left need not be told; the rest is removed all the same. */
	send_message(s->fd, &gone, NULL, 0, &ignored);
}

static enum step remove_garbage(struct session *s, struct fail *fail)
{
	struct gc gc = gc_of_client(s->client);

	gc.is_dry = s->is_dry;
	gc.report = answer_gone;
	gc.context = s;
	return gc_run(&gc, &s->list.ovs, fail) < 0 ? STEP_FAILED : STEP_DONE;
}

static enum step converse(struct session *s, struct fail *fail)
{
	enum step step = greet(s, fail);

	if (step == STEP_DONE)
		step = collect(s, fail);
	if (step == STEP_DONE && s->is_gc)
		return remove_garbage(s, fail);
	if (step == STEP_DONE)
		step = make(s, fail);
	if (step == STEP_DONE)
		step = hand_over(s, fail);
	if (step == STEP_DONE)
		step = commit(s, fail);
	return step;
}

static void answer_done(int fd)
{
	const struct message done = { .verb = VERB_DONE };
	struct fail ignored;

	send_message(fd, &done, NULL, 0, &ignored);
}

/*
 * Reads what the client has sent beyond the failure. A socket that is closed
 * with something unread resets the connection: the client would see that, and
 * not the answer.
 */
static void discard_requests(int fd)
{
	char byte;

	shutdown(fd, SHUT_RD);
	while (recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) > 0)
		;
}

static void answer_failure(int fd, const struct fail *fail)
{
	struct message err = { .verb = VERB_ERR,
			       .keys = KEY_BIT(KEY_CODE) | KEY_BIT(KEY_MSG),
			       .err = { .code = fail->code } };
	struct fail ignored;

	if (fail->nic != FAIL_NO_NIC) {
		err.keys |= KEY_BIT(KEY_NIC);
		err.err.nic = (uint32_t)fail->nic;
	}
	memcpy(err.err.text, fail->text, sizeof(err.err.text));
	send_message(fd, &err, NULL, 0, &ignored);
	discard_requests(fd);
}

/* Says why, where the kernel said no more than EPERM. */
static void explain(struct fail *fail)
{
	char path[256], cause[PRIVILEGE_CAUSE_SIZE];
	struct privilege_facts facts;

	if (!fail->is_eperm)
		return;
	privilege_read(&facts, path, sizeof(path));
	privilege_explain(&facts, cause);
	fail_append(fail, cause);
}

static int find_client(int fd, uid_t *ret, struct fail *fail)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return fail_errno(fail, errno, NULL, "cannot tell who asks");
	*ret = peer.uid;
	return 0;
}

int session_run(int fd, const char *ovsdb)
{
	struct session *s = calloc(1, sizeof(*s));
	enum step step = STEP_FAILED;
	struct fail fail;

	if (!s) {
		fail_errno(&fail, ENOMEM, NULL, "cannot serve");
		answer_failure(fd, &fail);
		return 1;
	}
	s->fd = fd;
	nic_list_init(&s->list, ovsdb);
	if (find_client(fd, &s->client, &fail) == 0)
		step = converse(s, &fail);
	if (step == STEP_DONE) {
		nic_list_release(&s->list);
		answer_done(fd);
	} else {
		nic_list_undo(&s->list);
	}
	if (step == STEP_FAILED) {
		explain(&fail);
		answer_failure(fd, &fail);
	}
	permit_done(&s->permit);
	free(s);
	return step == STEP_FAILED;
}

int session_refuse(int fd, const struct fail *fail)
{
	answer_failure(fd, fail);
	return 1;
}
