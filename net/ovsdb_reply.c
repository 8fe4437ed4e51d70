/* SPDX-License-Identifier: Apache-2.0 */
#include "ovsdb_reply.h"

#include <string.h>

#define UUID_LENGTH 36

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void scan_string(struct ovsdb_frame *frame, char c)
{
	if (frame->is_escaped)
		frame->is_escaped = false;
	else if (c == '\\')
		frame->is_escaped = true;
	else if (c == '"')
		frame->is_in_string = false;
}

ssize_t ovsdb_frame_end(struct ovsdb_frame *frame, const char *data, size_t len)
{
	while (frame->seen < len) {
		char c = data[frame->seen++];

		if (frame->is_in_string) {
			scan_string(frame, c);
		} else if (frame->depth == 0 && c != '{') {
			if (!is_blank(c))
				return -1;
		} else if (c == '"') {
			frame->is_in_string = true;
		} else if (c == '{' || c == '[') {
			frame->depth++;
		} else if ((c == '}' || c == ']') && --frame->depth == 0) {
			return (ssize_t)frame->seen;
		}
	}
	return 0;
}

static json_t *member(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

static enum ovsdb_kind kind_of(const struct ovsdb_message *message)
{
	const char *method =
		json_string_value(json_object_get(message->root, "method"));

	if (!method)
		return json_is_integer(message->id) ? OVSDB_REPLY : OVSDB_OTHER;
	if (strcmp(method, "echo") == 0 && message->id &&
	    json_is_array(message->params))
		return OVSDB_ECHO;
	if (strcmp(method, "update") == 0 && json_is_array(message->params))
		return OVSDB_UPDATE;
	return OVSDB_OTHER;
}

int ovsdb_message_parse(const char *data, size_t len, struct ovsdb_message *ret,
			struct fail *fail)
{
	json_error_t error;
	json_t *root = json_loadb(data, len, 0, &error);

	if (!root)
		return fail_set(fail, FAIL_OVS,
				"the database sends what is not JSON: %s",
				error.text);
	if (!json_is_object(root)) {
		json_decref(root);
		return fail_set(fail, FAIL_OVS,
				"the database sends what is not a message");
	}
	*ret = (struct ovsdb_message){
		.root = root,
		.id = member(root, "id"),
		.params = member(root, "params"),
		.result = member(root, "result"),
		.error = member(root, "error"),
	};
	ret->kind = kind_of(ret);
	if (ret->kind == OVSDB_REPLY)
		ret->number = json_integer_value(ret->id);
	return 0;
}

void ovsdb_message_free(struct ovsdb_message *message)
{
	json_decref(message->root);
	*message = (struct ovsdb_message){ 0 };
}

static int fail_operation(const json_t *result, const char *error,
			  struct fail *fail)
{
	const char *details =
		json_string_value(json_object_get(result, "details"));

	return fail_set(fail, FAIL_OVS,
			"Open vSwitch's database refuses: %s%s%s", error,
			details ? ": " : "", details ? details : "");
}

int ovsdb_check_results(const json_t *results, size_t count, size_t *ret_failed,
			struct fail *fail)
{
	size_t i;
	const json_t *result;

	json_array_foreach (results, i, result) {
		const char *error =
			json_string_value(json_object_get(result, "error"));

		if (!error)
			continue;
		*ret_failed = i < count ? i : count;
		return fail_operation(result, error, fail);
	}
	for (i = 0; i < count; i++) {
		if (json_is_object(json_array_get(results, i)))
			continue;
		*ret_failed = i;
		return fail_set(fail, FAIL_OVS,
				"the database does not say what came of "
				"operation %zu",
				i);
	}
	return 0;
}

json_t *ovsdb_rows(const json_t *results, size_t number)
{
	json_t *rows = json_object_get(json_array_get(results, number), "rows");

	return json_is_array(rows) ? rows : NULL;
}

const char *ovsdb_uuid(const json_t *value)
{
	const char *type = json_string_value(json_array_get(value, 0));
	const char *uuid = json_string_value(json_array_get(value, 1));

	if (!type || !uuid || strcmp(type, "uuid") != 0 ||
	    strspn(uuid, "0123456789abcdef-") != UUID_LENGTH ||
	    uuid[UUID_LENGTH])
		return NULL;
	return uuid;
}

const char *ovsdb_inserted(const json_t *results, size_t number)
{
	return ovsdb_uuid(
		json_object_get(json_array_get(results, number), "uuid"));
}

/* The array behind ["set", [...]] or ["map", [...]]. */
static json_t *collection(const json_t *value, const char *name)
{
	const char *type = json_string_value(json_array_get(value, 0));
	json_t *elements = json_array_get(value, 1);

	return type && strcmp(type, name) == 0 && json_is_array(elements)
		       ? elements
		       : NULL;
}

json_t *ovsdb_optional(const json_t *value)
{
	const json_t *set = collection(value, "set");

	if (set)
		return json_array_get(set, 0);
	/* A set of one stands for itself. */
	return (json_t *)value;
}

const char *ovsdb_map_text(const json_t *map, const char *key)
{
	size_t i;
	const json_t *pair;

	json_array_foreach (collection(map, "map"), i, pair) {
		const char *name = json_string_value(json_array_get(pair, 0));

		if (name && strcmp(name, key) == 0)
			return json_string_value(json_array_get(pair, 1));
	}
	return NULL;
}
