/* SPDX-License-Identifier: Apache-2.0 */
#include "base/qmp_stream.h"

#include <errno.h>

#include "base/json.h"

void qmp_stream_done(struct qmp_stream *qmp)
{
	strbuf_done(&qmp->in);
	qmp->scanned = 0;
}

int qmp_stream_feed(struct qmp_stream *qmp, const char *data, size_t len,
		    struct err *err)
{
	if (qmp->in.len + len > QMP_MESSAGE_MAX)
		return err_set(err, -EMSGSIZE,
			       "QEMU sent a message of more than %u bytes",
			       QMP_MESSAGE_MAX);
	strbuf_add(&qmp->in, data, len);
	return 0;
}

static int parse_line(const char *line, size_t len, json_t **ret,
		      struct err *err)
{
	json_error_t why;
	json_t *message = json_loadb(line, len, 0, &why);

	/* QEMU writes numbers of 64 bits without a sign, such as the default
	 * of a property of nvme-ns; jansson's have one. */
	if (!message && json_error_code(&why) == json_error_numeric_overflow)
		message = json_loadb(line, len, JSON_DECODE_INT_AS_REAL, &why);
	if (json_is_object(message)) {
		*ret = message;
		return 0;
	}
	json_decref(message);
	return err_set(err, -EPROTO, "QEMU sent what is not QMP: '%.*s'",
		       len > 60 ? 60 : (int)len, line);
}

static bool is_blank(const char *line, size_t len)
{
	return len == 0 || (len == 1 && line[0] == '\r');
}

int qmp_stream_next(struct qmp_stream *qmp, json_t **ret, struct err *err)
{
	for (;;) {
		const char *start = strbuf_str(&qmp->in);
		const char *end = memchr(start + qmp->scanned, '\n',
					 qmp->in.len - qmp->scanned);

		if (!end) {
			qmp->scanned = qmp->in.len;
			*ret = NULL;
			return 0;
		}
		size_t len = (size_t)(end - start);
		int r = 0;
		bool skip = is_blank(start, len);
		if (!skip)
			r = parse_line(start, len, ret, err);
		strbuf_consume(&qmp->in, len + 1);
		qmp->scanned = 0;
		if (r < 0 || !skip)
			return r;
	}
}

char *qmp_command_text(const char *command, json_t *arguments, unsigned int id)
{
	cleanup_json json_t *object = json_object();

	json_object_set_new(object, "execute", json_string(command));
	if (arguments)
		json_object_set(object, "arguments", arguments);
	json_object_set_new(object, "id", json_integer(id));
	cleanup_free char *text = json_dumps(object, JSON_COMPACT);
	return xasprintf("%s\n", text);
}

enum qmp_kind qmp_message_kind(const json_t *message)
{
	if (json_object_get(message, "event"))
		return QMP_EVENT;
	if (json_object_get(message, "return"))
		return QMP_RETURN;
	if (json_object_get(message, "error"))
		return QMP_ERROR;
	if (json_object_get(message, "QMP"))
		return QMP_GREETING;
	return QMP_OTHER;
}

bool qmp_message_answers(const json_t *message, unsigned int id)
{
	const json_t *member = json_object_get(message, "id");

	return json_is_number(member) && json_number_value(member) == id;
}
