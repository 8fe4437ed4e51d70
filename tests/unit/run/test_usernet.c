/* SPDX-License-Identifier: Apache-2.0 */
#include "run/usernet.h"

#include "check.h"

/* QEMU 7.2's words, with its carriage returns. */
static const char ANSWER[] =
	"Hub -1 (net00):\r\n"
	"  Protocol[State]    FD  Source Address  Port   Dest. Address  Port "
	"RecvQ SendQ\r\n"
	"  TCP[ESTABLISHED]   25       127.0.0.1 44319       10.0.2.15    22 "
	"    0     0\r\n"
	"  TCP[HOST_FORWARD]   9       127.0.0.1 44319       10.0.2.15    22 "
	"    0     0\r\n"
	"  UDP[HOST_FORWARD]   3               * 38901       10.0.2.15    53 "
	"    0     0\r\n"
	"  UDP[236 sec]        4       10.0.2.15 40000         1.1.1.1    53 "
	"    0     0\r\n"
	"  ICMP[9 sec]         4       10.0.2.15 -               1.1.1.1 - "
	"    0     0\r\n"
	"net01 (net01):\n"
	"  TCP[SYN_SENT]      10       127.0.0.1 44320       10.0.2.15    80 "
	"    0     0";

static const struct usernet_line lines[] = {
	{ "net00", false, "ESTABLISHED", "127.0.0.1", 44319, 22 },
	{ "net00", false, "HOST_FORWARD", "127.0.0.1", 44319, 22 },
	{ "net00", true, "HOST_FORWARD", "*", 38901, 53 },
	{ "net00", true, "236 sec", "10.0.2.15", 40000, 53 },
	{ "net01", false, "SYN_SENT", "127.0.0.1", 44320, 80 },
};

static void test_answer(void **state)
{
	struct usernet_text text = { .rest = ANSWER };
	struct usernet_line line;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		cleanup_free char *row = xasprintf("line %zu", i);

		assert_true(usernet_next(&text, &line));
		check_text(row, line.netdev, lines[i].netdev);
		check_number(row, line.is_udp, lines[i].is_udp);
		check_text(row, line.state, lines[i].state);
		check_text(row, line.source, lines[i].source);
		check_number(row, line.source_port, lines[i].source_port);
		check_number(row, line.target_port, lines[i].target_port);
	}
	assert_false(usernet_next(&text, &line));
	assert_false(usernet_next(&text, &line));
}

/* Nothing is found, and nothing is written. */
static void test_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"Error: no such command\r\n",
		"  TCP[",
		"  TCP[X] 1 127.0.0.1 99999 1.1.1.1 1 0 0\n",
		"  TCP[X] 1 127.0.0.1 -1 1.1.1.1 1 0 0\n",
		"  TCP[A STATE THAT IS LONGER THAN ANY] 1 1.1.1.1 1 1.1.1.1 1",
		"  SCTP[X] 1 127.0.0.1 1 1.1.1.1 1 0 0\n",
		"  TCP[X] 1 127.0.0.1.127.0.0.1 1 1.1.1.1 1 0 0\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct usernet_text text = { .rest = texts[i] };
		struct usernet_line line = { .source_port = 77 };

		assert_false(usernet_next(&text, &line));
		check_number(texts[i], line.source_port, 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
