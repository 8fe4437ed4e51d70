/* SPDX-License-Identifier: Apache-2.0 */
#include "run/event_loop.h"

#include <unistd.h>

#include "base/strbuf.h"
#include "check.h"

/* What the sources of a test did, a letter for each call. */
static struct strbuf done;
static struct event_loop loop;

/* A source of the test: `name` is noted, and what else it does. */
struct actor {
	struct event_source source;
	char name;
	struct event_source *adds, *removes;
	bool ends;
};

static void act(struct event_source *source, short revents)
{
	struct actor *actor = source->context;
	char byte;

	strbuf_addch(&done, actor->name);
	if (revents & POLLIN)
		assert_int_equal(read(source->fd, &byte, 1), 1);
	if (actor->adds)
		event_add(&loop, actor->adds);
	if (actor->removes)
		event_remove(&loop, actor->removes);
	if (actor->ends)
		event_end(&loop);
}

static void make(struct actor *actor, char name, int fd, int64_t due)
{
	*actor = (struct actor){ .source = { .fd = fd,
					     .events = POLLIN,
					     .due = due,
					     .call = act,
					     .context = actor },
				 .name = name };
}

/* A pipe with so many bytes in it. */
static int filled(const char *bytes)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, strlen(bytes)), strlen(bytes));
	/* The other end stays open: a hang-up would be an event. */
	return ends[0];
}

static void check_done(const char *want)
{
	struct err err;

	check_ok("run", event_run(&loop, &err), &err);
	check_text("done", strbuf_str(&done), want);
	strbuf_done(&done);
	event_loop_done(&loop);
}

/* In the order of adding, each as often as there is something. */
static void test_order(void **state)
{
	struct actor a, b, last;

	(void)state;
	make(&a, 'a', filled("xx"), EVENT_NEVER);
	make(&b, 'b', filled("x"), EVENT_NEVER);
	make(&last, '.', -1, event_now() + 50);
	last.ends = true;
	event_add(&loop, &b.source);
	event_add(&loop, &a.source);
	event_add(&loop, &b.source);
	event_add(&loop, &last.source);
	check_done("baa.");
}

/* A time comes once, not before it is there, and the earliest comes first. */
static void test_time(void **state)
{
	struct actor early, late;
	int64_t start = event_now();

	(void)state;
	make(&late, 'l', -1, start + 60);
	make(&early, 'e', -1, start + 20);
	late.ends = true;
	event_add(&loop, &late.source);
	event_add(&loop, &early.source);
	check_done("el");
	assert_true(event_now() >= start + 60);
	assert_true(early.source.due == EVENT_NEVER);
}

/* One that another removes does not come, though it was ready; itself may. */
static void test_remove(void **state)
{
	struct actor a, b, last;

	(void)state;
	make(&a, 'a', filled("xx"), EVENT_NEVER);
	make(&b, 'b', filled("xx"), event_now());
	make(&last, '.', -1, event_now() + 50);
	a.removes = &b.source;
	last.ends = true;
	event_add(&loop, &a.source);
	event_add(&loop, &b.source);
	event_add(&loop, &last.source);
	check_done("aa.");

	make(&a, 'a', filled("xx"), EVENT_NEVER);
	a.removes = &a.source;
	last.source.due = event_now() + 50;
	event_add(&loop, &a.source);
	event_add(&loop, &last.source);
	check_done("a.");
}

/* One that is added by another comes at the next wait. */
static void test_add(void **state)
{
	struct actor a, b;

	(void)state;
	make(&a, 'a', filled("x"), EVENT_NEVER);
	make(&b, 'b', filled("x"), EVENT_NEVER);
	a.adds = &b.source;
	b.ends = true;
	event_add(&loop, &a.source);
	check_done("ab");
}

/* After the end nobody is called. */
static void test_end(void **state)
{
	struct actor a, b;

	(void)state;
	make(&a, 'a', filled("x"), EVENT_NEVER);
	make(&b, 'b', filled("x"), event_now());
	a.ends = true;
	event_add(&loop, &a.source);
	event_add(&loop, &b.source);
	check_done("a");
}

/* A hang-up does not count where nothing is asked for: that would spin. */
static void test_no_events(void **state)
{
	struct actor a, last;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[1]);
	make(&a, 'a', ends[0], EVENT_NEVER);
	a.source.events = 0;
	make(&last, '.', -1, event_now() + 20);
	last.ends = true;
	event_add(&loop, &a.source);
	event_add(&loop, &last.source);
	check_done(".");
	close(ends[0]);
}

/* More than it has room for at first. */
static void test_many(void **state)
{
	static struct actor actors[100];
	static char want[ARRAY_SIZE(actors) + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++) {
		want[i] = (char)('a' + i % 26);
		make(&actors[i], want[i], -1, event_now());
		event_add(&loop, &actors[i].source);
	}
	actors[ARRAY_SIZE(actors) - 1].ends = true;
	check_done(want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),	  cmocka_unit_test(test_time),
		cmocka_unit_test(test_remove),	  cmocka_unit_test(test_add),
		cmocka_unit_test(test_end),	  cmocka_unit_test(test_many),
		cmocka_unit_test(test_no_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
