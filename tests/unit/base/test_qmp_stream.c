/* SPDX-License-Identifier: Apache-2.0 */
#include "base/qmp_stream.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json.h"
#include "check.h"

static const char TRAFFIC[] =
	"{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n"
	"\r\n"
	"\n"
	"{\"return\": {}, \"id\": 1}\r\n"
	"{\"event\": \"SHUTDOWN\", \"data\": {\"reason\": \"a\\nb\"}}\n"
	"{\"error\": {\"class\": \"GenericError\"}, \"id\": 2}\n";

static const enum qmp_kind KINDS[] = { QMP_GREETING, QMP_RETURN, QMP_EVENT,
				       QMP_ERROR };

static void feed(struct qmp_stream *qmp, const char *data, size_t len)
{
	struct err err;

	check_ok("feed", qmp_stream_feed(qmp, data, len, &err), &err);
}

/* Takes all whole messages, and checks them against KINDS from `*seen` on. */
static void take_all(struct qmp_stream *qmp, size_t *seen)
{
	for (;;) {
		cleanup_json json_t *message = NULL;
		struct err err;

		check_ok("next", qmp_stream_next(qmp, &message, &err), &err);
		if (!message)
			return;
		if (*seen == ARRAY_SIZE(KINDS)) {
			fail_msg("there is a message too many");
			return;
		}
		assert_int_equal(qmp_message_kind(message), KINDS[*seen]);
		(*seen)++;
	}
}

/* However the bytes arrive, in two pieces or one by one. */
static void test_any_split(void **state)
{
	const size_t len = sizeof(TRAFFIC) - 1;

	(void)state;
	for (size_t at = 0; at <= len; at++) {
		struct qmp_stream qmp = { 0 };
		size_t seen = 0;

		feed(&qmp, TRAFFIC, at);
		take_all(&qmp, &seen);
		feed(&qmp, TRAFFIC + at, len - at);
		take_all(&qmp, &seen);
		assert_int_equal(seen, ARRAY_SIZE(KINDS));
		qmp_stream_done(&qmp);
	}
	struct qmp_stream qmp = { 0 };
	size_t seen = 0;
	for (size_t i = 0; i < len; i++) {
		feed(&qmp, TRAFFIC + i, 1);
		take_all(&qmp, &seen);
	}
	assert_int_equal(seen, ARRAY_SIZE(KINDS));
	qmp_stream_done(&qmp);
}

static void test_half_a_message(void **state)
{
	struct qmp_stream qmp = { 0 };
	json_t *message = (json_t *)&qmp;
	struct err err;

	(void)state;
	check_ok("empty", qmp_stream_next(&qmp, &message, &err), &err);
	assert_null(message);
	feed(&qmp, "{\"return\": {}}", 14);
	message = (json_t *)&qmp;
	check_ok("no line end", qmp_stream_next(&qmp, &message, &err), &err);
	assert_null(message);
	qmp_stream_done(&qmp);
}

#define SIXTY "012345678901234567890123456789012345678901234567890123456789"

static const struct {
	const char *line;
	const char *shown;
} garbage[] = {
	{ "hello", "hello" },
	{ "[]", "[]" },
	{ "12", "12" },
	{ "\"text\"", "\"text\"" },
	{ "null", "null" },
	{ "{", "{" },
	{ "{} {}", "{} {}" },
	{ "{}}", "{}}" },
	{ " ", " " },
	{ "{\"a\": \"\xff\"}", "{\"a\": \"\xff\"}" },
	{ "\033[2J", "?[2J" },
	{ SIXTY, SIXTY },
	{ SIXTY "more", SIXTY },
};

/* A line that is no message is an error, and the next one is read. */
static void test_garbage(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		const char *line = garbage[i].line;
		struct qmp_stream qmp = { 0 };
		json_t *message = NULL;
		struct err err;
		cleanup_free char *text = xasprintf(
			"QEMU sent what is not QMP: '%s'", garbage[i].shown);

		feed(&qmp, line, strlen(line));
		feed(&qmp, "\n{\"return\": 3}\n", 15);
		check_error(line, qmp_stream_next(&qmp, &message, &err), &err,
			    -EPROTO, text);
		assert_null(message);
		check_ok(line, qmp_stream_next(&qmp, &message, &err), &err);
		assert_int_equal(qmp_message_kind(message), QMP_RETURN);
		json_decref(message);
		qmp_stream_done(&qmp);
	}
}

static void test_nul_byte(void **state)
{
	struct qmp_stream qmp = { 0 };
	json_t *message = NULL;
	struct err err;

	(void)state;
	feed(&qmp, "{}\0{}\n", 6);
	check_error("NUL", qmp_stream_next(&qmp, &message, &err), &err, -EPROTO,
		    "QEMU sent what is not QMP: '{}'");
	qmp_stream_done(&qmp);
}

/* A number that fits 64 bits only without a sign, and an id beside it. */
static void test_large_number(void **state)
{
	static const char line[] =
		"{\"return\": [18446744073709551615], \"id\": 7}\n";
	struct qmp_stream qmp = { 0 };
	json_t *message = NULL;
	struct err err;

	(void)state;
	feed(&qmp, line, strlen(line));
	check_ok(line, qmp_stream_next(&qmp, &message, &err), &err);
	assert_int_equal(qmp_message_kind(message), QMP_RETURN);
	assert_true(qmp_message_answers(message, 7));
	assert_false(qmp_message_answers(message, 8));
	json_decref(message);
	qmp_stream_done(&qmp);
}

static void test_oversize(void **state)
{
	cleanup_free char *block = xcalloc(1, QMP_MESSAGE_MAX + 1);
	struct qmp_stream qmp = { 0 };
	struct err err;

	(void)state;
	memset(block, 'x', QMP_MESSAGE_MAX + 1);
	feed(&qmp, block, QMP_MESSAGE_MAX);
	check_error("1 more", qmp_stream_feed(&qmp, block, 1, &err), &err,
		    -EMSGSIZE,
		    "QEMU sent a message of more than 8388608 bytes");
	qmp_stream_done(&qmp);
	check_error("at once",
		    qmp_stream_feed(&qmp, block, QMP_MESSAGE_MAX + 1, &err),
		    &err, -EMSGSIZE,
		    "QEMU sent a message of more than 8388608 bytes");
	qmp_stream_done(&qmp);
}

static void test_command(void **state)
{
	cleanup_free char *plain = qmp_command_text("quit", NULL, 1);
	json_t *arguments = json_pack("{s:s}", "typename", "a\nb");
	cleanup_free char *with =
		qmp_command_text("device-list-properties", arguments, 42);

	(void)state;
	assert_string_equal(plain, "{\"execute\":\"quit\",\"id\":1}\n");
	assert_string_equal(with, "{\"execute\":\"device-list-properties\","
				  "\"arguments\":{\"typename\":\"a\\nb\"},"
				  "\"id\":42}\n");
	assert_int_equal(arguments->refcount, 1);
	json_decref(arguments);
}

static const struct {
	const char *text;
	enum qmp_kind kind;
	bool answers_7;
} messages[] = {
	{ "{\"QMP\": {}}", QMP_GREETING, false },
	{ "{\"return\": {}, \"id\": 7}", QMP_RETURN, true },
	{ "{\"return\": null, \"id\": 8}", QMP_RETURN, false },
	{ "{\"return\": {}}", QMP_RETURN, false },
	{ "{\"return\": {}, \"id\": \"7\"}", QMP_RETURN, false },
	{ "{\"return\": {}, \"id\": -7}", QMP_RETURN, false },
	{ "{\"error\": {}, \"id\": 7}", QMP_ERROR, true },
	{ "{\"event\": \"STOP\"}", QMP_EVENT, false },
	{ "{}", QMP_OTHER, false },
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		const char *row = messages[i].text;
		cleanup_json json_t *message = json_loads(row, 0, NULL);

		assert_non_null(message);
		check_number(row, qmp_message_kind(message), messages[i].kind);
		check_number(row, qmp_message_answers(message, 7),
			     messages[i].answers_7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_split),
		cmocka_unit_test(test_half_a_message),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_large_number),
		cmocka_unit_test(test_oversize),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
