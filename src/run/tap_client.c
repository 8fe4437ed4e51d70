/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tap_client.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/strbuf.h"
#include "base/strv.h"
#include "net/wire.h"
#include "spec/nic_spec.h"

static_assert(NIC_QUEUES_MAX <= NET_QUEUES_MAX,
	      "xkvm-net makes as many queues as a NIC may have");

/* It removes them in a tenth of a second, and gives Open vSwitch's database two
 * seconds to answer. */
#define RELEASE_TIMEOUT_MS 3000

static int send_message(const struct tap_client *client, const char *text,
			struct err *err)
{
	ssize_t n;

	do {
		n = send(client->line.socket, text, strlen(text), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	/* A helper that has refused and left has said why: that is read
	 * next. */
	if (n < 0 && errno != EPIPE && errno != ECONNRESET)
		return err_set_errno(err, -errno, "cannot talk to xkvm-net");
	return 0;
}

/* A guest may have any name; a tag of a device may not. */
static void add_vm(struct strbuf *sb, const char *vm)
{
	size_t len = strnlen(vm, NET_VM_MAX);

	strbuf_addstr(sb, " vm=");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)vm[i];

		strbuf_addch(sb, c <= 0x20 || c == 0x7f ? '_' : vm[i]);
	}
}

static void add_port(struct strbuf *sb, const struct port_spec *port)
{
	static const char *const types[] = {
		[BRIDGE_ANY] = "",
		[BRIDGE_LINUX] = " type=linux",
		[BRIDGE_OVS] = " type=ovs",
	};

	strbuf_addstr(sb, types[port->type]);
	if (port->vlan)
		strbuf_addf(sb, " vlan=%u", port->vlan);
	if (port->trunks)
		strbuf_addf(sb, " trunks=%s", port->trunks);
	if (port->mtu)
		strbuf_addf(sb, " mtu=%u", port->mtu);
	if (port->iface_id)
		strbuf_addf(sb, " iface_id=%s", port->iface_id);
	if (port->is_isolated)
		strbuf_addstr(sb, " isolated=1");
	if (port->is_not_learning)
		strbuf_addstr(sb, " learning=0");
	if (port->tap)
		strbuf_addf(sb, " tap=%s", port->tap);
}

static int send_add(const struct tap_client *client,
		    const struct tap_request *request, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, NET_ADD " %s%s", request->bridge ? "bridge=" : "",
		    request->bridge ? request->bridge : "attach=none");
	if (request->mac)
		strbuf_addf(&sb, " mac=%s", request->mac);
	if (request->vm && *request->vm)
		add_vm(&sb, request->vm);
	if (request->port)
		add_port(&sb, request->port);
	if (request->queues > 1)
		strbuf_addf(&sb, " queues=%u", request->queues);
	if (request->is_persistent)
		strbuf_addf(&sb, " persist=1 owner=%u", request->owner);
	return send_message(client, strbuf_str(&sb), err);
}

/* Descriptors that came with a datagram. Owned. */
struct received {
	int fds[NET_QUEUES_MAX];
	size_t count;
};

static void received_done(struct received *received)
{
	while (received->count > 0)
		close_fd(&received->fds[--received->count]);
}

static void read_rights(struct msghdr *msg, struct received *ret)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);

	if (!cmsg || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SCM_RIGHTS)
		return;
	ret->count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(ret->fds, CMSG_DATA(cmsg), ret->count * sizeof(int));
}

/* One datagram, terminated, and what came with it. */
static int receive(const struct tap_client *client,
		   char buf[NET_DATAGRAM_MAX + 1], struct received *ret,
		   struct err *err)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int) * NET_QUEUES_MAX)];
	} control = { 0 };
	struct iovec iov = { buf, NET_DATAGRAM_MAX };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	ssize_t n;

	/* A helper that has left with requests unread has reset the
	 * connection; that is told once, and then what it had answered. */
	do {
		n = recvmsg(client->line.socket, &msg, MSG_CMSG_CLOEXEC);
	} while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return err_set(err, -ETIMEDOUT,
			       "xkvm-net did not answer within %d s",
			       HELPER_ANSWER_S);
	if (n <= 0)
		return err_set(err, -EPROTO,
			       "xkvm-net ended without an answer");
	buf[n] = '\0';
	read_rights(&msg, ret);
	if (msg.msg_flags & MSG_CTRUNC) {
		received_done(ret);
		return err_set(err, -EMFILE,
			       "no room for the taps' descriptors; raise the "
			       "limit on open files ('ulimit -n')");
	}
	return 0;
}

/* The value of `key` in an answer, up to the next space; NULL if it has none.
 * Owned by the caller. */
static char *answer_value(const char *text, const char *key)
{
	cleanup_free char *mark = xasprintf(" %s=", key);
	const char *start = strstr(text, mark);

	if (!start)
		return NULL;
	start += strlen(mark);
	return xstrndup(start, strcspn(start, " "));
}

/* Whether the code of an ERR is about the privilege of this one xkvm-net, so
 * that another may have a better answer. */
static bool lacks_privilege(const char *text)
{
	cleanup_free char *code = answer_value(text, "code");

	return code &&
	       (str_eq(code, NET_CODE_DENIED) || str_eq(code, NET_CODE_NOOVS));
}

static int refused(const char *text, size_t count, size_t *ret_failed,
		   struct err *err)
{
	const char *msg = strstr(text, " msg=");
	cleanup_free char *nic = answer_value(text, "nic");

	*ret_failed = nic ? strtoul(nic, NULL, 10) : count;
	if (*ret_failed > count)
		*ret_failed = count;
	return err_set(err, lacks_privilege(text) ? -EACCES : -EPERM, "%s",
		       msg ? msg + strlen(" msg=") : text);
}

static int read_hello(struct tap_client *client, const struct helper_call *call,
		      size_t count, size_t *ret_failed, struct err *err)
{
	char buf[NET_DATAGRAM_MAX + 1];
	cleanup(received_done) struct received received = { .count = 0 };
	int r = receive(client, buf, &received, err);

	if (r < 0)
		return helper_line_fail(call, &client->line, err);
	if (str_starts(buf, NET_HELLO))
		return 0;
	return refused(buf, count, ret_failed, err);
}

static int read_tap(const struct tap_client *client,
		    const struct tap_request *request, size_t count,
		    struct tap *ret, size_t *ret_failed, struct err *err)
{
	char buf[NET_DATAGRAM_MAX + 1];
	cleanup(received_done) struct received received = { .count = 0 };
	int r = receive(client, buf, &received, err);

	if (r < 0)
		return r;
	if (!str_starts(buf, NET_OK " "))
		return refused(buf, count, ret_failed, err);
	cleanup_free char *name = answer_value(buf, "if");
	if (received.count != (request->queues ? request->queues : 1) ||
	    !name || strlen(name) >= sizeof(ret->name))
		return err_set(err, -EPROTO,
			       "xkvm-net's answer is not the tap that was "
			       "asked for: '%s'",
			       buf);
	memcpy(ret->name, name, strlen(name) + 1);
	ret->fds = xcalloc(received.count, sizeof(*ret->fds));
	ret->fd_count = received.count;
	memcpy(ret->fds, received.fds, received.count * sizeof(*ret->fds));
	received.count = 0;
	return 0;
}

static int send_requests(const struct tap_client *client,
			 const struct tap_request *requests, size_t count,
			 struct err *err)
{
	int r = send_message(client, NET_HELLO " v=1", err);

	for (size_t i = 0; r == 0 && i < count; i++)
		r = send_add(client, &requests[i], err);
	if (r == 0)
		r = send_message(client, NET_GO, err);
	return r;
}

int tap_client_begin(struct tap_client *client, const struct helper_call *call,
		     const struct tap_request *requests, size_t count,
		     struct err *err)
{
	*client = (struct tap_client)TAP_CLIENT_INIT;
	int r = helper_call(call, &client->line, err);
	if (r == 0)
		r = send_requests(client, requests, count, err);
	if (r == 0)
		return 0;
	tap_client_end(client);
	/* Another way may lead there. */
	err->code = -EACCES;
	return -EACCES;
}

int tap_client_finish(struct tap_client *client, const struct helper_call *call,
		      const struct tap_request *requests, size_t count,
		      struct tap **ret, size_t *ret_failed, struct err *err)
{
	struct tap *taps = xcalloc(count, sizeof(*taps));

	*ret_failed = count;
	helper_line_await(&client->line);
	int r = read_hello(client, call, count, ret_failed, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_tap(client, &requests[i], count, &taps[i], ret_failed,
			     err);
	if (r < 0) {
		taps_free(taps, count);
		tap_client_end(client);
		return r;
	}
	*ret = taps;
	return 0;
}

int tap_client_request(struct tap_client *client,
		       const struct helper_call *call,
		       const struct tap_request *requests, size_t count,
		       struct tap **ret, size_t *ret_failed, struct err *err)
{
	int r = tap_client_begin(client, call, requests, count, err);

	*ret_failed = count;
	return r < 0 ? r
		     : tap_client_finish(client, call, requests, count, ret,
					 ret_failed, err);
}

int tap_client_commit(struct tap_client *client, int *ret_lifeline,
		      struct err *err)
{
	char buf[NET_DATAGRAM_MAX + 1];
	cleanup(received_done) struct received received = { .count = 0 };
	size_t ignored;

	if (client->line.socket < 0)
		return 0;
	int r = send_message(
		client, ret_lifeline ? NET_COMMIT " lifeline=1" : NET_COMMIT,
		err);
	if (r == 0)
		r = receive(client, buf, &received, err);
	if (r == 0 && !str_eq(buf, NET_DONE))
		r = refused(buf, 0, &ignored, err);
	if (r == 0 && ret_lifeline)
		*ret_lifeline = take_fd(client->line.socket);
	helper_line_leave(&client->line);
	return r;
}

/* One answer to GC. Returns 1 when it was the last. */
static int read_gone(const struct tap_client *client, struct strv *lines,
		     struct err *err)
{
	char buf[NET_DATAGRAM_MAX + 1];
	cleanup(received_done) struct received received = { .count = 0 };
	size_t ignored;
	int r = receive(client, buf, &received, err);

	if (r < 0 || str_eq(buf, NET_DONE))
		return r < 0 ? r : 1;
	if (!str_starts(buf, NET_GONE " "))
		return refused(buf, 0, &ignored, err);
	cleanup_free char *what = answer_value(buf, "what");
	cleanup_free char *name = answer_value(buf, "if");
	cleanup_free char *bridge = answer_value(buf, "bridge");
	if (!what || !name)
		return err_set(err, -EPROTO,
			       "xkvm-net's answer is not known: '%s'", buf);
	strv_addf(lines, "%s %s%s%s", what, name, bridge ? " of " : "",
		  bridge ? bridge : "");
	return 0;
}

int tap_client_collect(const struct helper_call *call, bool is_dry,
		       struct strv *lines, struct err *err)
{
	struct tap_client client = TAP_CLIENT_INIT;
	size_t ignored;
	int r = helper_call(call, &client.line, err);

	if (r == 0)
		r = send_message(&client, NET_HELLO " v=1", err);
	if (r == 0)
		r = send_message(&client, is_dry ? NET_GC " dry=1" : NET_GC,
				 err);
	if (r < 0) {
		tap_client_end(&client);
		/* Another way may lead there. */
		err->code = -EACCES;
		return -EACCES;
	}
	helper_line_await(&client.line);
	r = read_hello(&client, call, 0, &ignored, err);
	while (r == 0)
		r = read_gone(&client, lines, err);
	tap_client_end(&client);
	return r < 0 ? r : 0;
}

void tap_client_release(int *lifeline)
{
	struct pollfd end = { .fd = *lifeline, .events = POLLIN };
	int n;

	if (*lifeline < 0)
		return;
	shutdown(*lifeline, SHUT_WR);
	do {
		n = poll(&end, 1, RELEASE_TIMEOUT_MS);
	} while (n < 0 && errno == EINTR);
	close_fd(lifeline);
}

void tap_client_end(struct tap_client *client)
{
	helper_line_end(&client->line);
}

void taps_free(struct tap *taps, size_t count)
{
	for (size_t i = 0; taps && i < count; i++) {
		for (size_t j = 0; j < taps[i].fd_count; j++)
			close_fd(&taps[i].fds[j]);
		free(taps[i].fds);
	}
	free(taps);
}
