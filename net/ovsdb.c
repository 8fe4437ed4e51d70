/* SPDX-License-Identifier: Apache-2.0 */
#include "ovsdb.h"

#include "deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define CHUNK_SIZE 16384
/* More than the table of bridges of any host. */
#define MESSAGE_MAX (4 << 20)

static int fail_memory(struct fail *fail)
{
	return fail_errno(fail, ENOMEM, NULL,
			  "cannot talk to Open vSwitch's database");
}

static int fail_deadline(struct fail *fail)
{
	return fail_set(fail, FAIL_OVS,
			"Open vSwitch's database does not answer; is "
			"ovsdb-server stopped, or the host overloaded?");
}

/* The connection is of no more use. */
static int fail_connection(struct ovsdb *db, int err, const char *what,
			   struct fail *fail)
{
	ovsdb_close(db);
	return fail_errno(fail, err, NULL, "cannot %s Open vSwitch's database",
			  what);
}

static int fail_connect(int err, const char *path, struct fail *fail)
{
	switch (err) {
	case ENOENT:
	case ENOTDIR:
	case ECONNREFUSED:
		return fail_set(fail, FAIL_NOOVS,
				"Open vSwitch does not run here: no database "
				"serves '%s'; start it ('systemctl start "
				"openvswitch-switch'), or say where it is "
				"(--ovsdb PATH)",
				path);
	case EACCES:
	case EPERM:
		return fail_set(fail, FAIL_DENIED,
				"this user may not speak to Open vSwitch at "
				"'%s'; it takes root, or the service of "
				"xkvm-net",
				path);
	case EAGAIN:
		return fail_deadline(fail);
	default:
		return fail_errno(fail, err, NULL,
				  "cannot connect to Open vSwitch at '%s'",
				  path);
	}
}

/* A Unix socket that is full cannot be polled for; but it heeds the time in
 * which to send, which 0 would make endless. */
static int connect_until(int fd, const struct sockaddr_un *address,
			 int64_t deadline)
{
	int left = deadline_left(deadline);
	const struct timeval time = { .tv_sec = left / 1000,
				      .tv_usec = left % 1000 * 1000L };

	if (left == 0)
		return -EAGAIN;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) < 0 ||
	    connect(fd, (const void *)address, sizeof(*address)) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

int ovsdb_open(struct ovsdb *ret, const char *path, int64_t deadline,
	       struct fail *fail)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, rc;

	if (strlen(path) >= sizeof(address.sun_path))
		return fail_set(fail, FAIL_OVS,
				"'%s' is too long for the path of a socket",
				path);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail_errno(fail, errno, NULL,
				  "no socket for Open vSwitch");
	rc = connect_until(fd, &address, deadline);
	if (rc < 0) {
		close(fd);
		return fail_connect(-rc, path, fail);
	}
	*ret = (struct ovsdb){ .fd = fd };
	return 0;
}

void ovsdb_close(struct ovsdb *db)
{
	if (db->fd >= 0)
		close(db->fd);
	free(db->data);
	*db = OVSDB_CLOSED;
}

/* Until the socket is ready for `events`. The connection outlives a deadline:
 * what comes too late is known by its number. */
static int await(struct ovsdb *db, short events, int64_t deadline,
		 struct fail *fail)
{
	struct pollfd poller = { .fd = db->fd, .events = events };

	for (;;) {
		int rc = poll(&poller, 1, deadline_left(deadline));

		if (rc > 0)
			return 0;
		if (rc == 0)
			return fail_deadline(fail);
		if (errno != EINTR)
			return fail_connection(db, errno, "wait for", fail);
	}
}

/* After half a message, nothing else could be understood. */
static int send_text(struct ovsdb *db, const char *text, int64_t deadline,
		     struct fail *fail)
{
	const size_t len = strlen(text);
	size_t left = len;

	while (left) {
		ssize_t sent = send(db->fd, text, left, MSG_NOSIGNAL);

		if (sent >= 0) {
			text += sent;
			left -= (size_t)sent;
		} else if (errno != EAGAIN && errno != EINTR) {
			return fail_connection(db, errno, "write to", fail);
		} else if (await(db, POLLOUT, deadline, fail) < 0) {
			if (left < len)
				ovsdb_close(db);
			return -1;
		}
	}
	return 0;
}

/* Sends a message, and takes it over; NULL is one that memory was short for. */
static int send_message(struct ovsdb *db, json_t *message, int64_t deadline,
			struct fail *fail)
{
	char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
	int rc;

	json_decref(message);
	if (!text)
		return fail_memory(fail);
	rc = db->fd >= 0 ? send_text(db, text, deadline, fail)
			 : fail_connection(db, ENOTCONN, "write to", fail);
	free(text);
	return rc;
}

static int make_room(struct ovsdb *db, struct fail *fail)
{
	char *data;

	if (db->size - db->len >= CHUNK_SIZE)
		return 0;
	if (db->size >= MESSAGE_MAX)
		return fail_connection(db, EMSGSIZE, "read from", fail);
	data = realloc(db->data, 2 * db->size + CHUNK_SIZE);
	if (!data)
		return fail_memory(fail);
	db->data = data;
	db->size = 2 * db->size + CHUNK_SIZE;
	return 0;
}

static int receive_more(struct ovsdb *db, int64_t deadline, struct fail *fail)
{
	ssize_t len;

	if (make_room(db, fail) < 0)
		return -1;
	for (;;) {
		len = recv(db->fd, db->data + db->len, db->size - db->len, 0);
		if (len > 0)
			break;
		if (len == 0)
			return fail_connection(db, ECONNRESET, "read from",
					       fail);
		if (errno != EAGAIN && errno != EINTR)
			return fail_connection(db, errno, "read from", fail);
		if (await(db, POLLIN, deadline, fail) < 0)
			return -1;
	}
	db->len += (size_t)len;
	return 0;
}

/* The next message, of whatever kind. */
static int receive_message(struct ovsdb *db, int64_t deadline,
			   struct ovsdb_message *ret, struct fail *fail)
{
	ssize_t end;
	int rc;

	for (;;) {
		end = ovsdb_frame_end(&db->frame, db->data, db->len);
		if (end != 0)
			break;
		if (receive_more(db, deadline, fail) < 0)
			return -1;
	}
	if (end < 0)
		return fail_connection(db, EBADMSG, "understand", fail);
	rc = ovsdb_message_parse(db->data, (size_t)end, ret, fail);
	if (rc < 0) {
		ovsdb_close(db);
		return rc;
	}
	db->len -= (size_t)end;
	memmove(db->data, db->data + end, db->len);
	db->frame = (struct ovsdb_frame){ 0 };
	return 0;
}

/* The next that is of one kind; the server's echoes are answered. */
static int receive_kind(struct ovsdb *db, enum ovsdb_kind kind,
			int64_t deadline, struct ovsdb_message *ret,
			struct fail *fail)
{
	for (;;) {
		int rc = receive_message(db, deadline, ret, fail);

		if (rc < 0 || ret->kind == kind)
			return rc;
		if (ret->kind == OVSDB_ECHO)
			rc = send_message(db,
					  json_pack("{s:O, s:n, s:O}", "result",
						    ret->params, "error", "id",
						    ret->id),
					  deadline, fail);
		ovsdb_message_free(ret);
		if (rc < 0)
			return rc;
	}
}

static int fail_request(const char *method, const json_t *error,
			struct fail *fail)
{
	char *text = error ? json_dumps(error, JSON_ENCODE_ANY) : NULL;

	fail_set(fail, FAIL_OVS,
		 "Open vSwitch's database refuses the request '%s': %s", method,
		 text ? text : "it does not say why");
	free(text);
	return -1;
}

/* Makes a request, takes its parameters over, and awaits the result. */
static int call(struct ovsdb *db, const char *method, json_t *params,
		int64_t deadline, json_t **ret_result, struct fail *fail)
{
	json_int_t number = ++db->number;
	struct ovsdb_message reply;
	int rc = 0;

	if (!params)
		return fail_memory(fail);
	if (send_message(db,
			 json_pack("{s:s, s:o, s:I}", "method", method,
				   "params", params, "id", number),
			 deadline, fail) < 0)
		return -1;
	/* An earlier request may have been given up. */
	for (;;) {
		if (receive_kind(db, OVSDB_REPLY, deadline, &reply, fail) < 0)
			return -1;
		if (reply.number == number)
			break;
		ovsdb_message_free(&reply);
	}
	if (reply.error || !reply.result)
		rc = fail_request(method, reply.error, fail);
	else
		*ret_result = json_incref(reply.result);
	ovsdb_message_free(&reply);
	return rc;
}

int ovsdb_transact(struct ovsdb *db, json_t *operations, int64_t deadline,
		   json_t **ret_results, struct fail *fail)
{
	if (operations &&
	    json_array_insert_new(operations, 0, json_string(OVSDB_NAME)) < 0) {
		json_decref(operations);
		operations = NULL;
	}
	return call(db, "transact", operations, deadline, ret_results, fail);
}

/* What a monitor is asked about. */
struct watch {
	const char *table;
	const char *column;
	bool (*is_reached)(const json_t *value, const void *context);
	const void *context;
};

/* `updates`: of RFC 7047, a <table-updates>. */
static bool is_reached(const struct watch *watch, json_t *updates)
{
	const char *uuid;
	json_t *row;

	json_object_foreach (json_object_get(updates, watch->table), uuid,
			     row) {
		const json_t *value = json_object_get(
			json_object_get(row, "new"), watch->column);

		if (value && watch->is_reached(value, watch->context))
			return true;
	}
	return false;
}

static int await_updates(struct ovsdb *db, const struct watch *watch,
			 int64_t deadline, struct fail *fail)
{
	struct ovsdb_message update;
	bool is_over = false;

	while (!is_over) {
		if (receive_kind(db, OVSDB_UPDATE, deadline, &update, fail) < 0)
			return -1;
		is_over = is_reached(watch, json_array_get(update.params, 1));
		ovsdb_message_free(&update);
	}
	return 0;
}

int ovsdb_await(struct ovsdb *db, const char *table, const char *column,
		bool (*is_reached_by)(const json_t *value, const void *context),
		const void *context, int64_t deadline, struct fail *fail)
{
	const struct watch watch = { table, column, is_reached_by, context };
	json_t *state = NULL, *ignored = NULL;
	json_int_t monitor;
	bool is_over;

	/* The number of a monitor is its caller's to choose. */
	if (call(db, "monitor",
		 json_pack("[s, I, {s: {s: [s]}}]", OVSDB_NAME, db->number + 1,
			   table, "columns", column),
		 deadline, &state, fail) < 0)
		return -1;
	monitor = db->number;
	is_over = is_reached(&watch, state);
	json_decref(state);
	if (!is_over && await_updates(db, &watch, deadline, fail) < 0)
		return -1;
	if (call(db, "monitor_cancel", json_pack("[I]", monitor), deadline,
		 &ignored, fail) < 0)
		return -1;
	json_decref(ignored);
	return 0;
}
