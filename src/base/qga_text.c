/* SPDX-License-Identifier: Apache-2.0 */
#include "base/qga_text.h"

#include <errno.h>

#include "base/base64.h"
#include "base/json.h"

/* In no text of UTF-8, and so in no JSON. */
#define SENTINEL '\xff'

void qga_stream_done(struct qga_stream *stream)
{
	strbuf_done(&stream->in);
	stream->scanned = 0;
}

int qga_stream_feed(struct qga_stream *stream, const char *data, size_t len,
		    struct err *err)
{
	if (stream->in.len + len > QGA_MESSAGE_MAX) {
		qga_stream_done(stream);
		return err_set(err, -EMSGSIZE,
			       "the guest agent sent a message of more than "
			       "%u bytes",
			       QGA_MESSAGE_MAX);
	}
	strbuf_add(&stream->in, data, len);
	return 0;
}

/* What follows the last sentinel of the line. */
static json_t *parse_line(const char *line, size_t len)
{
	const char *sentinel = memrchr(line, SENTINEL, len);
	json_error_t ignored;

	if (sentinel) {
		len -= (size_t)(sentinel + 1 - line);
		line = sentinel + 1;
	}
	json_t *message = json_loadb(line, len, 0, &ignored);
	if (json_is_object(message))
		return message;
	json_decref(message);
	return NULL;
}

json_t *qga_stream_next(struct qga_stream *stream)
{
	for (;;) {
		const char *start = strbuf_str(&stream->in);
		const char *end = memchr(start + stream->scanned, '\n',
					 stream->in.len - stream->scanned);

		if (!end) {
			stream->scanned = stream->in.len;
			return NULL;
		}
		size_t len = (size_t)(end - start);
		json_t *message = parse_line(start, len);
		strbuf_consume(&stream->in, len + 1);
		stream->scanned = 0;
		if (message)
			return message;
	}
}

char *qga_command_text(const char *command, json_t *arguments)
{
	cleanup_json json_t *object = json_object();

	json_object_set_new(object, "execute", json_string(command));
	if (arguments)
		json_object_set(object, "arguments", arguments);
	cleanup_free char *text = json_dumps(object, JSON_COMPACT);
	return xasprintf("%s\n", text);
}

char *qga_sync_text(unsigned int id)
{
	cleanup_json json_t *arguments = json_object();

	json_object_set_new(arguments, "id", json_integer(id));
	cleanup_free char *text =
		qga_command_text("guest-sync-delimited", arguments);
	return xasprintf("%c%s", SENTINEL, text);
}

bool qga_is_sync(const json_t *answer, unsigned int id)
{
	const json_t *value = json_object_get(answer, "return");

	return json_is_integer(value) && json_integer_value(value) == id;
}

const char *qga_error(const json_t *answer)
{
	const json_t *error = json_object_get(answer, "error");

	if (!error)
		return NULL;
	const char *text = json_member_text(error, "desc");
	return text ? text : "it does not say why";
}

bool qga_may_use(const json_t *answer, const char *command)
{
	const json_t *list = json_object_get(json_object_get(answer, "return"),
					     "supported_commands");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *name = json_member_text(item, "name");

		if (name && str_eq(name, command))
			return json_is_true(json_object_get(item, "enabled"));
	}
	return false;
}

json_t *qga_exec_arguments(const char *command, const void *input, size_t len)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	json_t *object = json_object(), *args = json_array();

	json_array_append_new(args, json_string("-c"));
	json_array_append_new(args, json_text(command));
	json_object_set_new(object, "path", json_string("/bin/sh"));
	json_object_set_new(object, "arg", args);
	json_object_set_new(object, "capture-output", json_true());
	if (len > 0) {
		base64_add(&text, input, len, 0);
		json_object_set_new(object, "input-data",
				    json_string(strbuf_str(&text)));
	}
	return object;
}

bool qga_exec_pid(const json_t *answer, json_int_t *ret)
{
	const json_t *pid =
		json_object_get(json_object_get(answer, "return"), "pid");

	if (!json_is_integer(pid))
		return false;
	*ret = json_integer_value(pid);
	return true;
}

static bool read_output(const json_t *result, const char *key,
			struct strbuf *ret)
{
	const json_t *text = json_object_get(result, key);

	return !text || (json_is_string(text) &&
			 base64_read(ret, json_string_value(text),
				     json_string_length(text)));
}

/* As the shell that waits for a command has it. */
static int status_of(const json_t *result)
{
	const json_t *code = json_object_get(result, "exitcode");
	const json_t *signal = json_object_get(result, "signal");

	if (json_is_integer(signal))
		return 128 + (int)(json_integer_value(signal) & 127);
	return json_is_integer(code) ? (int)(json_integer_value(code) & 255)
				     : 255;
}

enum qga_exec_state qga_exec_read(const json_t *answer,
				  struct qga_exec_end *ret)
{
	const json_t *result = json_object_get(answer, "return");
	const json_t *exited = json_object_get(result, "exited");
	struct qga_exec_end end = { .status = status_of(result) };

	if (!json_is_boolean(exited))
		return QGA_EXEC_UNKNOWN;
	if (json_is_false(exited))
		return QGA_EXEC_RUNS;
	if (!read_output(result, "out-data", &end.out) ||
	    !read_output(result, "err-data", &end.err)) {
		qga_exec_end_done(&end);
		return QGA_EXEC_UNKNOWN;
	}
	end.is_cut = json_is_true(json_object_get(result, "out-truncated")) ||
		     json_is_true(json_object_get(result, "err-truncated"));
	*ret = end;
	return QGA_EXEC_ENDED;
}

void qga_exec_end_done(struct qga_exec_end *end)
{
	strbuf_done(&end->out);
	strbuf_done(&end->err);
}

/* By what it begins with: "127.", or, in lower case, RFC 4291's and RFC 3927's
 * prefixes. */
static bool is_reachable(const char *address)
{
	static const char *const local[] = { "127.", "169.254.", "fe8",
					     "fe9",  "fea",	 "feb" };

	for (size_t i = 0; i < ARRAY_SIZE(local); i++)
		if (str_starts(address, local[i]))
			return false;
	return *address != '\0' && !str_eq(address, "::1");
}

void qga_read_addresses(const json_t *answer, struct strv *ret)
{
	const json_t *interfaces = json_object_get(answer, "return");

	for (size_t i = 0; i < json_array_size(interfaces); i++) {
		const json_t *addresses = json_object_get(
			json_array_get(interfaces, i), "ip-addresses");

		for (size_t j = 0; j < json_array_size(addresses); j++) {
			const char *address = json_member_text(
				json_array_get(addresses, j), "ip-address");

			if (address && is_reachable(address))
				strv_add(ret, address);
		}
	}
}
