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
	assert_true(link->socket >= 0 && qemu >= 0);
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
	assert_int_equal(link.socket, -1);
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
	assert_true(link.socket >= 0);
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
	assert_true(link.socket >= 0);
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
	assert_int_equal(link.socket, -1);
	close_fd(&qemu);

	qemu = open_link(&link);
	close_fd(&qemu);
	qmp_link_receive(&link, &outcome);
	assert_int_equal(link.socket, -1);

	qemu = open_link(&link);
	close_fd(&qemu);
	assert_false(qmp_link_send(&link, "quit"));
	assert_int_equal(link.socket, -1);
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
	assert_int_equal(link.socket, -1);
	close_fd(&qemu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_odd_events),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_never_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
