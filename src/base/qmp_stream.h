/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QMP, the text of it: a stream of JSON objects, one a line, as QEMU's
 * docs/interop/qmp-spec says. No I/O: bytes go in, messages come out.
 */
#ifndef XKVM_BASE_QMP_STREAM_H
#define XKVM_BASE_QMP_STREAM_H

#include <jansson.h>

#include "base/err.h"
#include "base/strbuf.h"

/* The longest message taken; QEMU's schema, its longest, has 200 KiB. */
#define QMP_MESSAGE_MAX 8388608U

struct qmp_stream {
	struct strbuf in;
	size_t scanned; /* bytes of `in` known to hold no line end */
};

void qmp_stream_done(struct qmp_stream *qmp);

/* Adds bytes that were received. -EMSGSIZE where a message exceeds the limit;
 * the stream cannot be used any more then. */
must_check int qmp_stream_feed(struct qmp_stream *qmp, const char *data,
			       size_t len, struct err *err);

/*
 * The next message, or *ret = NULL while there is no whole one. The caller
 * owns it. -EPROTO for a line that is no JSON object.
 */
must_check int qmp_stream_next(struct qmp_stream *qmp, json_t **ret,
			       struct err *err);

/* The text of a command, with its line end. `arguments` (a reference is taken)
 * may be NULL. `id` comes back with the answer. Owned by the caller. */
char *qmp_command_text(const char *command, json_t *arguments, unsigned int id);

enum qmp_kind {
	QMP_GREETING,
	QMP_RETURN,
	QMP_ERROR,
	QMP_EVENT,
	QMP_OTHER,
};

enum qmp_kind qmp_message_kind(const json_t *message);

/* Whether the message answers the command that was sent with `id`. */
bool qmp_message_answers(const json_t *message, unsigned int id);

#endif
