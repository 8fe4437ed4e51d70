/* SPDX-License-Identifier: Apache-2.0 */
#include "run/byte_queue.h"

#include "check.h"

static void take(struct byte_queue *queue, const char *want)
{
	size_t len;
	const char *data = byte_queue_front(queue, &len);

	check_number(want, (long long)len, (long long)strlen(want));
	assert_memory_equal(data, want, len);
	byte_queue_take(queue, len);
}

static void test_ring(void **state)
{
	struct byte_queue queue;
	size_t len;

	(void)state;
	byte_queue_init(&queue, 8);
	assert_int_equal(byte_queue_room(&queue), 8);
	byte_queue_add(&queue, "abcdef", 6);
	assert_int_equal(byte_queue_room(&queue), 2);
	byte_queue_take(&queue, 4);
	/* Round the end: in two pieces. */
	byte_queue_add(&queue, "ghijkl", 6);
	assert_int_equal(byte_queue_room(&queue), 0);
	take(&queue, "efgh");
	take(&queue, "ijkl");
	take(&queue, "");
	assert_int_equal(byte_queue_room(&queue), 8);
	byte_queue_add(&queue, "12345678", 8);
	take(&queue, "12345678");
	byte_queue_front(&queue, &len);
	assert_int_equal(len, 0);
	byte_queue_done(&queue);
	byte_queue_done(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
