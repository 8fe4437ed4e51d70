/* SPDX-License-Identifier: Apache-2.0 */
#include "run/stop_ladder.h"

#include "check.h"

enum input {
	END,
	SIGNAL,
	TICK,
	SKIP
};

/* What happens at which time, what is to be done, and how long to wait then. */
struct event {
	enum input input;
	int64_t now;
	enum stop_step step;
	int timeout;
};

struct story {
	const char *name;
	unsigned int grace_ms;
	struct event events[8];
};

static const struct story stories[] = {
	{ "nobody asks",
	  0,
	  { { TICK, 0, STOP_NOT, -1 },
	    { TICK, INT64_MAX, STOP_NOT, -1 },
	    { SKIP, 5, STOP_NOT, -1 } } },
	{ "all the way down",
	  0,
	  { { SIGNAL, 1000, STOP_QUIT, 5000 },
	    { TICK, 5999, STOP_NOT, 1 },
	    { TICK, 6000, STOP_TERMINATE, 5000 },
	    { TICK, 11000, STOP_KILL, 2000 },
	    { TICK, 12999, STOP_NOT, 1 },
	    { TICK, 13000, STOP_GIVE_UP, -1 },
	    { TICK, 99999, STOP_NOT, -1 } } },
	{ "with grace",
	  2500,
	  { { SIGNAL, 0, STOP_POWERDOWN, 2500 },
	    { TICK, 2499, STOP_NOT, 1 },
	    { TICK, 2500, STOP_QUIT, 5000 },
	    { TICK, 7500, STOP_TERMINATE, 5000 },
	    { TICK, 12500, STOP_KILL, 2000 },
	    { TICK, 14500, STOP_GIVE_UP, -1 } } },
	{ "a tick that comes late takes one step only",
	  0,
	  { { SIGNAL, 0, STOP_QUIT, 5000 },
	    { TICK, 100000, STOP_TERMINATE, 5000 },
	    { TICK, 100000, STOP_NOT, 5000 } } },
	{ "the second signal skips the grace, the third kills",
	  60000,
	  { { SIGNAL, 0, STOP_POWERDOWN, 60000 },
	    { SIGNAL, 10, STOP_QUIT, 5000 },
	    { SIGNAL, 20, STOP_KILL, 2000 },
	    { SIGNAL, 30, STOP_NOT, 1990 },
	    { TICK, 2020, STOP_GIVE_UP, -1 },
	    { SIGNAL, 2030, STOP_NOT, -1 } } },
	{ "a second signal changes nothing that is under way",
	  0,
	  { { SIGNAL, 0, STOP_QUIT, 5000 },
	    { SIGNAL, 100, STOP_NOT, 4900 },
	    { SIGNAL, 200, STOP_KILL, 2000 } } },
	{ "no step back",
	  0,
	  { { SIGNAL, 0, STOP_QUIT, 5000 },
	    { TICK, 5000, STOP_TERMINATE, 5000 },
	    { SIGNAL, 5100, STOP_NOT, 4900 },
	    { SIGNAL, 5200, STOP_KILL, 2000 } } },
	{ "without QMP what it was for is skipped",
	  1000,
	  { { SIGNAL, 0, STOP_POWERDOWN, 1000 },
	    { SKIP, 0, STOP_QUIT, 5000 },
	    { SKIP, 0, STOP_TERMINATE, 5000 },
	    { SKIP, 1, STOP_KILL, 2000 },
	    { SKIP, 2, STOP_GIVE_UP, -1 },
	    { SKIP, 3, STOP_NOT, -1 } } },
	{ "a day of grace",
	  86400000,
	  { { SIGNAL, 0, STOP_POWERDOWN, 86400000 },
	    { TICK, 86399999, STOP_NOT, 1 } } },
};

static enum stop_step take(struct stop_ladder *ladder, const struct event *e)
{
	switch (e->input) {
	case SIGNAL:
		return stop_ladder_signal(ladder, e->now);
	case TICK:
		return stop_ladder_tick(ladder, e->now);
	default:
		return stop_ladder_skip(ladder, e->now);
	}
}

/* As in the tables: how long from now; -1: for ever. */
static int64_t left(const struct stop_ladder *ladder, int64_t now)
{
	int64_t due = stop_ladder_due(ladder);

	return due == INT64_MAX ? -1 : due - now;
}

static void test_stories(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(stories); i++) {
		const char *row = stories[i].name;
		struct stop_ladder ladder;

		stop_ladder_init(&ladder, stories[i].grace_ms);
		check_number(row, left(&ladder, 0), -1);
		for (const struct event *e = stories[i].events; e->input; e++) {
			check_number(row, take(&ladder, e), e->step);
			check_number(row, left(&ladder, e->now), e->timeout);
		}
	}
}

/* Begun by this program: at any step, never back, and signals go on from
 * there. */
static void test_begin(void **state)
{
	struct stop_ladder ladder;

	(void)state;
	stop_ladder_init(&ladder, 3000);
	assert_int_equal(stop_ladder_begin(&ladder, STOP_POWERDOWN, 0),
			 STOP_POWERDOWN);
	assert_int_equal(left(&ladder, 0), 3000);
	assert_int_equal(stop_ladder_begin(&ladder, STOP_QUIT, 1), STOP_QUIT);
	assert_int_equal(stop_ladder_begin(&ladder, STOP_POWERDOWN, 2),
			 STOP_NOT);
	assert_int_equal(left(&ladder, 2), STOP_QUIT_MS - 1);
	assert_int_equal(stop_ladder_signal(&ladder, 3), STOP_NOT);
	assert_int_equal(stop_ladder_signal(&ladder, 3), STOP_NOT);
	assert_int_equal(stop_ladder_signal(&ladder, 3), STOP_KILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
