/* SPDX-License-Identifier: Apache-2.0 */
#include "run/qga_link.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "check.h"

/* The link, and both of its neighbours: QEMU's monitor and an agent, which are
 * this test. */
struct scene {
	struct event_loop loop;
	struct qmp_link qmp;
	struct qga_link link;
	struct outcome outcome;
	int monitor, agent;
	struct qga_listener listener;
	unsigned int changes;
	unsigned int answers, losses;
	char last[64]; /* answer */
};

static void count_change(struct qga_listener *listener)
{
	((struct scene *)listener->context)->changes++;
}

static void take_answer(void *context, const json_t *answer)
{
	struct scene *s = context;

	if (!answer) {
		s->losses++;
		return;
	}
	cleanup_free char *text = json_dumps(answer, JSON_COMPACT);
	s->answers++;
	strncat(s->last, text, sizeof(s->last) - strlen(s->last) - 1);
}

static void set_up(struct scene *s)
{
	struct err err;

	*s = (struct scene){ .qmp = QMP_LINK_INIT, .link = QGA_LINK_INIT };
	check_ok("qmp", qmp_link_open(&s->qmp, &s->monitor, &err), &err);
	check_ok("agent", qga_link_open(&s->link, &s->agent, &err), &err);
	s->listener =
		(struct qga_listener){ .changed = count_change, .context = s };
	qga_link_listen(&s->link, &s->listener);
	qga_link_start(&s->link, &s->loop, &s->qmp);
}

static void tear_down(struct scene *s)
{
	qga_link_close(&s->link);
	qmp_link_close(&s->qmp);
	event_loop_done(&s->loop);
	close_fd(&s->monitor);
	close_fd(&s->agent);
}

/* What the agent has been sent since the last time. */
static void check_sent(struct scene *s, const char *want)
{
	char buf[512] = "";

	(void)!recv(s->agent, buf, sizeof(buf) - 1, MSG_DONTWAIT);
	check_text("sent", buf, want);
}

static void say(struct scene *s, const char *text)
{
	assert_int_equal(send(s->agent, text, strlen(text), MSG_NOSIGNAL),
			 strlen(text));
	s->link.source.call(&s->link.source, POLLIN);
}

static void port_is(struct scene *s, const char *id, const char *open)
{
	cleanup_free char *text =
		xasprintf("{\"event\":\"VSERPORT_CHANGE\",\"data\":"
			  "{\"id\":\"%s\",\"open\":%s}}\n",
			  id, open);

	assert_true(send(s->monitor, text, strlen(text), MSG_NOSIGNAL) > 0);
	qmp_link_receive(&s->qmp, &s->outcome);
}

static bool call(struct scene *s, const char *command)
{
	return qga_link_call(&s->link, command, NULL, take_answer, s);
}

#define SYNC(id)                                                              \
	"\377{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":" id \
	"}}\n"
#define PING "{\"execute\":\"guest-ping\"}\n"

/* An agent is there when it has answered; then the answers come in order. */
static void test_answers(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	check_sent(&s, SYNC("1"));
	assert_false(call(&s, "guest-ping"));
	say(&s, "noise\n{\"error\":{}}\n\377{\"return\":2}\n");
	assert_int_equal(s.changes, 0);
	say(&s, "\377{\"return\":1}\n");
	assert_int_equal(s.changes, 1);
	assert_true(s.link.is_there);
	assert_true(call(&s, "guest-ping"));
	assert_true(call(&s, "guest-ping"));
	check_sent(&s, PING PING);
	assert_true(s.link.source.due != EVENT_NEVER);
	say(&s, "{\"return\":{}}\n{\"error\":{}}\n");
	assert_string_equal(s.last, "{\"return\":{}}{\"error\":{}}");
	assert_int_equal(s.link.source.due, EVENT_NEVER);
	/* What nobody has asked for. */
	say(&s, "{\"return\":3}\n");
	assert_int_equal(s.answers, 2);
	tear_down(&s);
}

/* It comes with the port, and goes with it. */
static void test_port(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	check_sent(&s, SYNC("1"));
	port_is(&s, "another", "true");
	check_sent(&s, "");
	port_is(&s, QGA_DEVICE, "true");
	check_sent(&s, SYNC("2"));
	say(&s, "\377{\"return\":1}\n");
	assert_false(s.link.is_there);
	say(&s, "\377{\"return\":2}\n");
	assert_true(s.link.is_there);
	assert_true(call(&s, "guest-ping"));
	port_is(&s, QGA_DEVICE, "false");
	assert_int_equal(s.losses, 1);
	assert_int_equal(s.changes, 2);
	assert_false(s.link.is_there);
	check_sent(&s, PING);
	tear_down(&s);
	assert_int_equal(s.losses, 1);
}

/* One that does not answer in time is gone, until it answers. */
static void test_silence(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	say(&s, "\377{\"return\":1}\n");
	assert_true(call(&s, "guest-ping"));
	check_sent(&s, SYNC("1") PING);
	s.link.source.call(&s.link.source, 0);
	assert_int_equal(s.losses, 1);
	assert_false(s.link.is_there);
	assert_true(s.link.is_silent);
	check_sent(&s, SYNC("2"));
	assert_int_equal(s.link.source.due, EVENT_NEVER);
	say(&s, "{\"return\":{}}\n\377{\"return\":2}\n");
	assert_true(s.link.is_there);
	assert_false(s.link.is_silent);
	assert_int_equal(s.answers, 0);
	tear_down(&s);
}

/* More than the socket takes waits for its turn; and its end is the link's. */
static void test_much(void **state)
{
	char *much = xcalloc(1, 1000001);
	cleanup_json json_t *arguments = json_object();
	size_t total = 0;
	char buf[4096];
	struct scene s;

	(void)state;
	set_up(&s);
	say(&s, "\377{\"return\":1}\n");
	memset(much, 'x', 1000000);
	json_object_set_new(arguments, "input-data", json_string(much));
	assert_true(qga_link_call(&s.link, "guest-exec", arguments, take_answer,
				  &s));
	assert_true(s.link.source.events & POLLOUT);
	while (total < 1000000) {
		ssize_t n = recv(s.agent, buf, sizeof(buf), MSG_DONTWAIT);

		if (n > 0)
			total += (size_t)n;
		else
			s.link.source.call(&s.link.source, POLLOUT);
	}
	assert_false(s.link.source.events & POLLOUT);
	for (size_t i = 1; i < QGA_CALLS; i++)
		assert_true(call(&s, "guest-ping"));
	assert_false(call(&s, "guest-ping"));
	qga_link_forget(&s.link, &s);
	close_fd(&s.agent);
	s.link.source.call(&s.link.source, POLLIN);
	assert_int_equal(s.link.source.fd, -1);
	assert_int_equal(s.losses, 0);
	tear_down(&s);
	free(much);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
