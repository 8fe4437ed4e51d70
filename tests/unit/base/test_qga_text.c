/* SPDX-License-Identifier: Apache-2.0 */
#include "base/qga_text.h"

#include <errno.h>

#include "base/json.h"
#include "check.h"

/* What comes, and the objects that are found in it. */
static const struct {
	const char *bytes;
	const char *objects; /* a line each */
} streams[] = {
	{ "", "" },
	{ "{\"return\":", "" },
	{ "{\"return\":1}\n", "{\"return\":1}\n" },
	{ "{\"return\":1}\r\n{\"return\":2}\n{",
	  "{\"return\":1}\n{\"return\":2}\n" },
	/* What stands before the sentinel is of another time. */
	{ "{\"ret\377{\"return\":3}\n", "{\"return\":3}\n" },
	{ "\377\377{\"return\":3}\n", "{\"return\":3}\n" },
	/* Noise. */
	{ "login: \nnull\n[1]\n\n{\"return\":4}\n", "{\"return\":4}\n" },
	{ "{\"return\":5} x\n{}\n", "{}\n" },
};

static void feed(struct qga_stream *stream, const char *bytes, size_t len)
{
	struct err err;

	check_ok(bytes, qga_stream_feed(stream, bytes, len, &err), &err);
}

static void take_all(struct qga_stream *stream, struct strbuf *seen)
{
	json_t *object;

	while ((object = qga_stream_next(stream))) {
		cleanup_free char *text = json_dumps(object, JSON_COMPACT);

		strbuf_addf(seen, "%s\n", text);
		json_decref(object);
	}
}

static void test_streams(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
		cleanup_strbuf struct strbuf at_once = STRBUF_INIT;
		cleanup_strbuf struct strbuf by_byte = STRBUF_INIT;
		const char *bytes = streams[i].bytes;
		struct qga_stream stream = { 0 };

		feed(&stream, bytes, strlen(bytes));
		take_all(&stream, &at_once);
		check_text(bytes, strbuf_str(&at_once), streams[i].objects);
		qga_stream_done(&stream);
		for (const char *c = bytes; *c; c++) {
			feed(&stream, c, 1);
			take_all(&stream, &by_byte);
		}
		check_text(bytes, strbuf_str(&by_byte), streams[i].objects);
		qga_stream_done(&stream);
	}
}

/* The stream can be used again afterwards. */
static void test_limit(void **state)
{
	static const char half[QGA_MESSAGE_MAX / 2 + 1];
	struct qga_stream stream = { 0 };
	struct err err;

	(void)state;
	feed(&stream, half, sizeof(half));
	check_error("too much",
		    qga_stream_feed(&stream, half, sizeof(half), &err), &err,
		    -EMSGSIZE,
		    "the guest agent sent a message of more than 50331648 "
		    "bytes");
	assert_int_equal(stream.in.len, 0);
	qga_stream_done(&stream);
}

static json_t *object(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	return json;
}

static void test_commands(void **state)
{
	cleanup_free char *ping = qga_command_text("guest-ping", NULL);
	cleanup_free char *sync = qga_sync_text(7);
	cleanup_json json_t *answer = object("{\"return\": 7}");
	cleanup_json json_t *text = object("{\"return\": \"7\"}");

	(void)state;
	assert_string_equal(ping, "{\"execute\":\"guest-ping\"}\n");
	assert_string_equal(sync, "\377{\"execute\":\"guest-sync-delimited\","
				  "\"arguments\":{\"id\":7}}\n");
	assert_true(qga_is_sync(answer, 7));
	assert_false(qga_is_sync(answer, 8));
	assert_false(qga_is_sync(text, 7));
}

static void test_errors(void **state)
{
	cleanup_json json_t *good = object("{\"return\": {}}");
	cleanup_json json_t *told =
		object("{\"error\": {\"class\": \"X\", \"desc\": \"no\"}}");
	cleanup_json json_t *odd = object("{\"error\": 3}");

	(void)state;
	assert_null(qga_error(good));
	assert_string_equal(qga_error(told), "no");
	assert_string_equal(qga_error(odd), "it does not say why");
}

static void test_may_use(void **state)
{
	cleanup_json json_t *answer =
		object("{\"return\":{\"supported_commands\":["
		       "{\"name\":\"guest-ping\",\"enabled\":true},{},"
		       "{\"name\":\"guest-exec\",\"enabled\":false}]}}");
	cleanup_json json_t *odd = object("{\"return\":[]}");

	(void)state;
	assert_true(qga_may_use(answer, "guest-ping"));
	assert_false(qga_may_use(answer, "guest-exec"));
	assert_false(qga_may_use(answer, "guest-exec-status"));
	assert_false(qga_may_use(odd, "guest-ping"));
}

static void test_exec(void **state)
{
	cleanup_json json_t *plain = qga_exec_arguments("echo 'a\n'", NULL, 0);
	cleanup_json json_t *fed = qga_exec_arguments("cat", "foo", 3);
	cleanup_json json_t *want_plain =
		json_pack("{s:s, s:[ss], s:b}", "path", "/bin/sh", "arg", "-c",
			  "echo 'a\n'", "capture-output", 1);
	cleanup_json json_t *want_fed = json_pack("{s:s, s:[ss], s:b, s:s}",
						  "path", "/bin/sh", "arg",
						  "-c", "cat", "capture-output",
						  1, "input-data", "Zm9v");
	cleanup_json json_t *started = object("{\"return\": {\"pid\": 42}}");
	cleanup_json json_t *odd = object("{\"return\": {\"pid\": \"42\"}}");
	json_int_t pid = 0;

	(void)state;
	assert_true(json_equal(plain, want_plain));
	assert_true(json_equal(fed, want_fed));
	assert_false(qga_exec_pid(odd, &pid));
	assert_true(qga_exec_pid(started, &pid));
	assert_int_equal(pid, 42);
}

static const struct {
	const char *answer;
	enum qga_exec_state state;
	int status;
	const char *out, *err;
	bool is_cut;
} ends[] = {
	{ "{\"return\":{\"exited\":false}}", QGA_EXEC_RUNS, 0, "", "", false },
	{ "{\"return\":{\"exited\":true,\"exitcode\":3}}", QGA_EXEC_ENDED, 3,
	  "", "", false },
	{ "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"Zm9v\","
	  "\"err-data\":\"Zg==\"}}",
	  QGA_EXEC_ENDED, 0, "foo", "f", false },
	{ "{\"return\":{\"exited\":true,\"signal\":9,"
	  "\"out-truncated\":true}}",
	  QGA_EXEC_ENDED, 137, "", "", true },
	{ "{\"return\":{\"exited\":true,\"exitcode\":0,"
	  "\"err-truncated\":true}}",
	  QGA_EXEC_ENDED, 0, "", "", true },
	{ "{\"return\":{\"exited\":true,\"exitcode\":256}}", QGA_EXEC_ENDED, 0,
	  "", "", false },
	{ "{\"return\":{\"exited\":true}}", QGA_EXEC_ENDED, 255, "", "",
	  false },
	{ "{\"return\":{\"exited\":1}}", QGA_EXEC_UNKNOWN, 0, "", "", false },
	{ "{\"return\":{}}", QGA_EXEC_UNKNOWN, 0, "", "", false },
	{ "{\"return\":[]}", QGA_EXEC_UNKNOWN, 0, "", "", false },
	{ "{}", QGA_EXEC_UNKNOWN, 0, "", "", false },
	{ "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"Zm\"}}",
	  QGA_EXEC_UNKNOWN, 0, "", "", false },
	{ "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"Zm9v\","
	  "\"err-data\":7}}",
	  QGA_EXEC_UNKNOWN, 0, "", "", false },
};

static void test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const char *row = ends[i].answer;
		cleanup_json json_t *answer = object(row);
		struct qga_exec_end end = { 0 };

		check_number(row, qga_exec_read(answer, &end), ends[i].state);
		check_number(row, end.status, ends[i].status);
		check_text(row, strbuf_str(&end.out), ends[i].out);
		check_text(row, strbuf_str(&end.err), ends[i].err);
		check_number(row, end.is_cut, ends[i].is_cut);
		qga_exec_end_done(&end);
	}
}

static void test_addresses(void **state)
{
	cleanup_strv struct strv found = STRV_INIT;
	cleanup_json json_t *answer = object(
		"{\"return\":[{\"name\":\"lo\",\"ip-addresses\":["
		"{\"ip-address\":\"127.0.0.1\"},{\"ip-address\":\"::1\"}]},"
		"{\"name\":\"eth0\"},{\"name\":\"eth1\",\"ip-addresses\":["
		"{\"ip-address\":\"169.254.3.4\"},"
		"{\"ip-address\":\"fe80::1\"},{\"ip-address\":\"\"},"
		"{\"ip-address\":7},{},"
		"{\"ip-address\":\"192.0.2.7\"},"
		"{\"ip-address\":\"2001:db8::7\"}]}]}");
	cleanup_json json_t *odd = object("{\"return\":7}");

	(void)state;
	qga_read_addresses(odd, &found);
	assert_int_equal(found.count, 0);
	qga_read_addresses(answer, &found);
	assert_int_equal(found.count, 2);
	assert_string_equal(found.items[0], "192.0.2.7");
	assert_string_equal(found.items[1], "2001:db8::7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_may_use),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
