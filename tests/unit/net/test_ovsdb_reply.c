/* SPDX-License-Identifier: Apache-2.0 */
#include "ovsdb_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define UUID "01234567-89ab-cdef-0123-456789abcdef"

/* How long the first message is; 0: it is not complete, -1: it is none. */
static const struct {
	const char *stream;
	ssize_t end;
} frames[] = {
	{ "", 0 },
	{ " \n", 0 },
	{ "{}", 2 },
	{ "{}{}", 2 },
	{ " \r\n\t{}", 6 },
	{ "{\"a\":[{},[]]}x", 13 },
	{ "{\"a\":\"}\"}", 9 },
	{ "{\"a\":\"\\\"}\"}", 11 },
	{ "{\"a\":\"\\\\\"}", 10 },
	{ "{\"a\":\"}", 0 },
	{ "{\"a\":[}", 0 },
	{ "{", 0 },
	{ "[]", -1 },
	{ "null", -1 },
	{ "}", -1 },
	{ "\"{}\"", -1 },
	{ " x{}", -1 },
};

static void test_frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		const char *stream = frames[i].stream;
		struct ovsdb_frame frame = { 0 };
		ssize_t end = 0;

		if (ovsdb_frame_end(&frame, stream, strlen(stream)) !=
		    frames[i].end)
			fail_msg("'%s'", stream);
		/* Byte after byte, it comes to the same. */
		frame = (struct ovsdb_frame){ 0 };
		for (size_t len = 0; len <= strlen(stream) && end == 0; len++)
			end = ovsdb_frame_end(&frame, stream, len);
		assert_int_equal(end, frames[i].end);
	}
}

static const struct {
	const char *text;
	enum ovsdb_kind kind;
} messages[] = {
	{ "{\"id\":7,\"result\":[],\"error\":null}", OVSDB_REPLY },
	{ "{\"id\":7,\"result\":null,\"error\":\"no\"}", OVSDB_REPLY },
	{ "{\"id\":\"7\",\"result\":[]}", OVSDB_OTHER },
	{ "{\"id\":null,\"result\":[]}", OVSDB_OTHER },
	{ "{\"id\":7.5,\"result\":[]}", OVSDB_OTHER },
	{ "{}", OVSDB_OTHER },
	{ "{\"method\":\"echo\",\"params\":[],\"id\":\"echo\"}", OVSDB_ECHO },
	{ "{\"method\":\"echo\",\"params\":[],\"id\":7}", OVSDB_ECHO },
	{ "{\"method\":\"echo\",\"params\":[],\"id\":null}", OVSDB_OTHER },
	{ "{\"method\":\"echo\",\"params\":{},\"id\":7}", OVSDB_OTHER },
	{ "{\"method\":\"update\",\"params\":[1,{}],\"id\":null}",
	  OVSDB_UPDATE },
	{ "{\"method\":\"update\",\"params\":null}", OVSDB_OTHER },
	{ "{\"method\":\"locked\",\"params\":[],\"id\":null}", OVSDB_OTHER },
};

static void test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		const char *text = messages[i].text;
		struct ovsdb_message message;
		struct fail fail;

		assert_int_equal(ovsdb_message_parse(text, strlen(text),
						     &message, &fail),
				 0);
		if (message.kind != messages[i].kind)
			fail_msg("'%s' is of kind %d", text, message.kind);
		if (message.kind == OVSDB_REPLY)
			assert_int_equal(message.number, 7);
		ovsdb_message_free(&message);
		assert_null(message.root);
	}
}

static void test_no_message(void **state)
{
	static const char *const texts[] = {
		"{\"a\":}", "{]", "[]", "{} x", "{\"\\u0000\":1}", ""
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct ovsdb_message message;
		struct fail fail;

		if (ovsdb_message_parse(texts[i], strlen(texts[i]), &message,
					&fail) != -1)
			fail_msg("'%s' is accepted", texts[i]);
		assert_int_equal(fail.code, FAIL_OVS);
		assert_non_null(strstr(fail.text, "the database sends what "));
	}
}

/* `text` NULL: all of two operations have been done. */
static const struct {
	const char *results;
	size_t failed;
	const char *text;
} results[] = {
	{ "[{},{}]", 0, NULL },
	{ "[{\"rows\":[]},{\"count\":1}]", 0, NULL },
	{ "[{},{},null]", 0, NULL },
	{ "[{\"error\":\"timed out\",\"details\":\"why\"},null]", 0,
	  "Open vSwitch's database refuses: timed out: why" },
	{ "[{},{\"error\":\"constraint violation\"}]", 1,
	  "Open vSwitch's database refuses: constraint violation" },
	{ "[{},{},{\"error\":\"constraint violation\",\"details\":\"a\\nb\"}]",
	  2, "Open vSwitch's database refuses: constraint violation: a?b" },
	{ "[{},{},{},{\"error\":\"late\"}]", 2,
	  "Open vSwitch's database refuses: late" },
	{ "[{}]", 1, "the database does not say what came of operation 1" },
	{ "[null,{}]", 0,
	  "the database does not say what came of operation 0" },
	{ "[{},7]", 1, "the database does not say what came of operation 1" },
	{ "{}", 0, "the database does not say what came of operation 0" },
};

static void test_results(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		json_t *json = json_loads(results[i].results, 0, NULL);
		struct fail fail;
		size_t failed = 99;
		int rc = ovsdb_check_results(json, 2, &failed, &fail);

		assert_non_null(json);
		assert_int_equal(rc, results[i].text ? -1 : 0);
		assert_int_equal(failed,
				 results[i].text ? results[i].failed : 99);
		if (results[i].text) {
			assert_string_equal(fail.text, results[i].text);
			assert_int_equal(fail.code, FAIL_OVS);
		}
		json_decref(json);
	}
}

static const struct {
	const char *value;
	const char *uuid;
} uuids[] = {
	{ "[\"uuid\",\"" UUID "\"]", UUID },
	{ "[\"uuid\",\"" UUID "0\"]", NULL },
	{ "[\"uuid\",\"01234567\"]", NULL },
	{ "[\"uuid\",\"0123456789ABCDEF0123456789ABCDEF0123\"]", NULL },
	{ "[\"named-uuid\",\"" UUID "\"]", NULL },
	{ "[\"uuid\"]", NULL },
	{ "[\"uuid\",7]", NULL },
	{ "{}", NULL },
};

static void test_uuids(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(uuids); i++) {
		json_t *json = json_loads(uuids[i].value, 0, NULL);
		json_t *inserted = json_pack("[{s:O}]", "uuid", json);
		const char *uuid = ovsdb_uuid(json);

		if (!uuids[i].uuid != !uuid)
			fail_msg("%s", uuids[i].value);
		if (uuid)
			assert_string_equal(uuid, uuids[i].uuid);
		assert_ptr_equal(ovsdb_inserted(inserted, 0), uuid);
		assert_null(ovsdb_inserted(inserted, 1));
		json_decref(inserted);
		json_decref(json);
	}
	assert_null(ovsdb_uuid(NULL));
}

static void test_columns(void **state)
{
	json_t *row = json_loads("{\"none\":[\"set\",[]],\"one\":5,"
				 "\"set\":[\"set\",[6]],"
				 "\"map\":[\"map\",[[\"a\",\"b\"],[\"c\"],"
				 "[\"n\",1],7,[\"e\",\"f\"]]]}",
				 0, NULL);
	const json_t *map = json_object_get(row, "map");

	(void)state;
	assert_non_null(row);
	assert_null(ovsdb_optional(json_object_get(row, "none")));
	assert_null(ovsdb_optional(json_object_get(row, "missing")));
	assert_int_equal(
		json_integer_value(ovsdb_optional(json_object_get(row, "one"))),
		5);
	assert_int_equal(
		json_integer_value(ovsdb_optional(json_object_get(row, "set"))),
		6);
	assert_string_equal(ovsdb_map_text(map, "a"), "b");
	assert_string_equal(ovsdb_map_text(map, "e"), "f");
	assert_null(ovsdb_map_text(map, "c"));
	assert_null(ovsdb_map_text(map, "n"));
	assert_null(ovsdb_map_text(map, "b"));
	assert_null(ovsdb_map_text(json_object_get(row, "set"), "a"));
	assert_null(ovsdb_map_text(NULL, "a"));
	json_decref(row);
}

static void test_rows(void **state)
{
	json_t *json =
		json_loads("[{\"rows\":[{}]},{\"rows\":{}},{}]", 0, NULL);

	(void)state;
	assert_int_equal(json_array_size(ovsdb_rows(json, 0)), 1);
	assert_null(ovsdb_rows(json, 1));
	assert_null(ovsdb_rows(json, 2));
	assert_null(ovsdb_rows(json, 3));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_no_message),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_uuids),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
