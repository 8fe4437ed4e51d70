/* SPDX-License-Identifier: Apache-2.0 */
/* The watch on interfaces, in a network namespace of this process's own. */
#include "link.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>

#include <cmocka.h>

/* In each network namespace. */
#define LOOPBACK 1
/* More events than a small buffer takes. */
#define FLOOD 500

struct seen {
	unsigned int count;
	uint32_t last;
};

static void note(uint32_t index, void *context)
{
	struct seen *seen = context;

	seen->count++;
	seen->last = index;
}

static void require_namespace(void)
{
	if (unshare(CLONE_NEWNET) < 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		skip();
}

static void sees_what_changes(void **state)
{
	struct link_socket watch, links;
	struct seen seen = { 0 };

	(void)state;
	require_namespace();
	assert_int_equal(link_watch_open(&watch), 0);
	assert_int_equal(link_open(&links), 0);
	assert_int_equal(link_watch_read(&watch, note, &seen), 0);
	assert_int_equal(seen.count, 0);
	assert_int_equal(link_bring_up(&links, LOOPBACK), 0);
	assert_int_equal(link_watch_read(&watch, note, &seen), 0);
	assert_true(seen.count > 0);
	assert_int_equal(seen.last, LOOPBACK);
	link_close(&links);
	link_close(&watch);
}

/* What comes after a loss is not lost with it. */
static void tells_a_loss_and_goes_on(void **state)
{
	struct link_socket watch, links;
	struct seen seen = { 0 };
	const int small = 16384;

	(void)state;
	require_namespace();
	assert_int_equal(link_watch_open(&watch), 0);
	assert_int_equal(link_open(&links), 0);
	assert_int_equal(setsockopt(mnl_socket_get_fd(watch.socket), SOL_SOCKET,
				    SO_RCVBUF, &small, sizeof(small)),
			 0);
	for (uint32_t i = 0; i < FLOOD; i++)
		assert_int_equal(link_set_mtu(&links, LOOPBACK, 1500 + i), 0);
	assert_int_equal(link_watch_read(&watch, note, &seen), -ENOBUFS);
	seen = (struct seen){ 0 };
	assert_int_equal(link_set_mtu(&links, LOOPBACK, 1400), 0);
	assert_int_equal(link_watch_read(&watch, note, &seen), 0);
	assert_int_equal(seen.count, 1);
	link_close(&links);
	link_close(&watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_what_changes),
		cmocka_unit_test(tells_a_loss_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
