/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A QEMU that is started only to be asked: no machine, no guest, a QMP monitor
 * on an inherited socket. It dies with this process, whatever ends that.
 */
#ifndef XKVM_HOST_QEMU_SESSION_H
#define XKVM_HOST_QEMU_SESSION_H

#include <jansson.h>

#include "base/qmp_stream.h"
#include "host/process.h"

struct qemu_session {
	struct process process;
	int socket; /* owned */
	int errors; /* owned; what it writes to stderr, a file in memory */
	struct qmp_stream stream;
	char version[64]; /* "7.2.22", or "" */
	unsigned int last_id;
};

/* Starts the program and reads its greeting. -EPROTO where it does not speak
 * QMP: the message has the last line it wrote. */
must_check int qemu_session_start(const char *path, struct qemu_session *ret,
				  struct err *err);

/*
 * Executes one command and waits for its answer. *ret is the "return" member,
 * owned by the caller, or NULL where QEMU answered with an error (its
 * description is dropped: asking for what is not there is no failure).
 */
must_check int qemu_session_ask(struct qemu_session *session,
				const char *command, json_t *arguments,
				json_t **ret, struct err *err);

/* Ends and reaps it. */
void qemu_session_end(struct qemu_session *session);

#endif
