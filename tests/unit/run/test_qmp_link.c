/* SPDX-License-Identifier: Apache-2.0 */
#include "run/qmp_link.h"

#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static int open_link(struct qmp_link *link)
{
	struct err err;
	int qemu = -1;

	check_ok("open", qmp_link_open(link, &qemu, &err), &err);
	assert_true(link->source.fd >= 0 && qemu >= 0);
	return qemu;
}

/* What QEMU is sent next. */
static void check_sent(int qemu, const char *want)
{
	char buf[256] = "";

	assert_true(recv(qemu, buf, sizeof(buf) - 1, MSG_DONTWAIT) >= 0);
	check_text("sent", buf, want);
}

static void say(int qemu, const char *text)
{
	assert_int_equal(send(qemu, text, strlen(text), MSG_NOSIGNAL),
			 strlen(text));
}

static void test_send(void **state)
{
	struct qmp_link link = QMP_LINK_INIT;
	int qemu = open_link(&link);

	(void)state;
	check_sent(qemu, "{\"execute\":\"qmp_capabilities\",\"id\":1}\n");
	assert_true(qmp_link_send(&link, "quit"));
	check_sent(qemu, "{\"execute\":\"quit\",\"id\":2}\n");
	qmp_link_close(&link);
	assert_int_equal(link.source.fd, -1);
	assert_false(qmp_link_send(&link, "quit"));
	close_fd(&qemu);
}

/* What concerns the outcome is noted; all else is read and dropped. */
static void test_events(void **state)
{
	struct qmp_link link = QMP_LINK_INIT;
	struct outcome outcome = { 0 };
	int qemu = open_link(&link);

	(void)state;
	qmp_link_receive(&link, &outcome); /* nothing there: no wait */
	assert_true(link.source.fd >= 0);
	say(qemu, "{\"QMP\": {}}\r\n{\"return\": {}, \"id\": 1}\r\n"
		  "{\"event\": \"RESUME\"}\r\n{\"event\": \"SHUTDOWN\"");
	qmp_link_receive(&link, &outcome);
	assert_string_equal(outcome.reason, "");
	say(qemu, ", \"data\": {\"reason\": \"guest-shutdown\"}}\r\n");
	qmp_link_receive(&link, &outcome);
	assert_string_equal(outcome.reason, "guest-shutdown");
	assert_false(outcome.has_panicked);
	say(qemu, "{\"event\": \"GUEST_PANICKED\", \"data\": {}}\r\n");
	qmp_link_receive(&link, &outcome);
	assert_true(outcome.has_panicked);
	qmp_link_close(&link);
	close_fd(&qemu);
}

static void test_odd_events(void **state)
{
	struct qmp_link link = QMP_LINK_INIT;
	struct outcome outcome = { .reason = "x" };
	int qemu = open_link(&link);

	(void)state;
	say(qemu, "{\"event\": 7}\n{\"event\": \"SHUTDOWN\", \"data\": 7}\n");
	qmp_link_receive(&link, &outcome);
	assert_string_equal(outcome.reason, "");
	say(qemu, "{\"event\": \"SHUTDOWN\", \"data\": {\"reason\": "
		  "\"0123456789012345678901234567890123456789\"}}\n");
	qmp_link_receive(&link, &outcome);
	assert_string_equal(outcome.reason, "0123456789012345678901234567890");
	assert_true(link.source.fd >= 0);
	qmp_link_close(&link);
	close_fd(&qemu);
}

/* What came of a call: its answers, one after the other. */
static void note_answer(void *context, const json_t *answer)
{
	struct strbuf *seen = context;
	cleanup_free char *text = answer ? json_dumps(answer, JSON_COMPACT)
					 : xstrdup("lost");

	strbuf_addf(seen, "%s;", text);
}

/* Answers find their callers by number, in whatever order they come; nobody
 * else's does. */
static void test_calls(void **state)
{
	cleanup_strbuf struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	struct qmp_link link = QMP_LINK_INIT;
	struct outcome outcome = { 0 };
	int qemu = open_link(&link);
	json_t *arguments = json_pack("{s:s}", "x", "y");

	(void)state;
	check_sent(qemu, "{\"execute\":\"qmp_capabilities\",\"id\":1}\n");
	assert_true(qmp_link_call(&link, "one", arguments, note_answer, &a));
	json_decref(arguments);
	check_sent(qemu, "{\"execute\":\"one\",\"arguments\":{\"x\":\"y\"},"
			 "\"id\":2}\n");
	assert_true(qmp_link_call(&link, "two", NULL, note_answer, &b));
	say(qemu, "{\"return\": {}, \"id\": 1}\n"
		  "{\"return\": 7, \"id\": 99}\n{\"return\": 8}\n"
		  "{\"error\": 3, \"id\": 3}\n{\"return\": 2, \"id\": 2}\n"
		  "{\"return\": 2, \"id\": 2}\n");
	qmp_link_receive(&link, &outcome);
	check_text("a", strbuf_str(&a), "{\"return\":2,\"id\":2};");
	check_text("b", strbuf_str(&b), "{\"error\":3,\"id\":3};");
	qmp_link_close(&link);
	check_text("a", strbuf_str(&a), "{\"return\":2,\"id\":2};");
	close_fd(&qemu);
}

/* Who waits for an answer that cannot come is told; who went away is not. */
static void test_lost_calls(void **state)
{
	cleanup_strbuf struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	struct qmp_link link = QMP_LINK_INIT;
	int qemu = open_link(&link);

	(void)state;
	assert_true(qmp_link_call(&link, "one", NULL, note_answer, &a));
	for (size_t i = 1; i < QMP_CALLS; i++)
		assert_true(qmp_link_call(&link, "b", NULL, note_answer, &b));
	assert_false(qmp_link_call(&link, "more", NULL, note_answer, &b));
	qmp_link_forget(&link, &b);
	assert_true(qmp_link_call(&link, "again", NULL, note_answer, &a));
	qmp_link_close(&link);
	check_text("a", strbuf_str(&a), "lost;lost;");
	check_text("b", strbuf_str(&b), "");
	assert_false(qmp_link_call(&link, "one", NULL, note_answer, &a));
	close_fd(&qemu);
}

struct ear {
	struct qmp_listener listener;
	struct qmp_link *link;
	struct strbuf heard;
};

/* One that hears an event of the name "STOP" goes. */
static void hear(struct qmp_listener *listener, const char *event,
		 const json_t *data)
{
	struct ear *ear = listener->context;

	strbuf_addf(&ear->heard, "%s%s;", event, data ? "+" : "");
	if (str_eq(event, "STOP"))
		qmp_link_unlisten(ear->link, listener);
}

static void test_listeners(void **state)
{
	struct qmp_link link = QMP_LINK_INIT;
	struct outcome outcome = { 0 };
	int qemu = open_link(&link);
	struct ear ears[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		ears[i] = (struct ear){ .listener = { hear, &ears[i], NULL },
					.link = &link };
		qmp_link_listen(&link, &ears[i].listener);
	}
	say(qemu, "{\"event\": \"RESET\", \"data\": {}}\n");
	qmp_link_receive(&link, &outcome);
	qmp_link_unlisten(&link, &ears[0].listener);
	say(qemu, "{\"event\": \"STOP\"}\n{\"event\": \"RESUME\"}\n");
	qmp_link_receive(&link, &outcome);
	check_text("0", strbuf_str(&ears[0].heard), "RESET+;");
	check_text("1", strbuf_str(&ears[1].heard), "RESET+;STOP;");
	strbuf_done(&ears[0].heard);
	strbuf_done(&ears[1].heard);
	qmp_link_close(&link);
	close_fd(&qemu);
}

/* Nonsense, or the end, drops the link: signals do the work then. */
static void test_dropped(void **state)
{
	struct qmp_link link = QMP_LINK_INIT;
	struct outcome outcome = { 0 };
	int qemu = open_link(&link);

	(void)state;
	say(qemu, "nonsense\n");
	qmp_link_receive(&link, &outcome);
	assert_int_equal(link.source.fd, -1);
	close_fd(&qemu);

	qemu = open_link(&link);
	close_fd(&qemu);
	qmp_link_receive(&link, &outcome);
	assert_int_equal(link.source.fd, -1);

	qemu = open_link(&link);
	close_fd(&qemu);
	assert_false(qmp_link_send(&link, "quit"));
	assert_int_equal(link.source.fd, -1);
}

/* A QEMU that reads nothing does not make us wait. */
static void test_never_blocks(void **state)
{
	struct qmp_link link = QMP_LINK_INIT;
	int qemu = open_link(&link);
	unsigned int sent = 0;

	(void)state;
	while (qmp_link_send(&link, "system_powerdown"))
		sent++;
	assert_true(sent > 10);
	assert_int_equal(link.source.fd, -1);
	close_fd(&qemu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_odd_events),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_lost_calls),
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_never_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
