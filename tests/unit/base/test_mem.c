/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int open_null(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void test_allocation(void **state)
{
	cleanup_free char *zeroed = xcalloc(3, 5);
	cleanup_free char *nothing = xcalloc(0, 0);
	char *grown = xreallocarray(NULL, 2, 2);

	(void)state;
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(zeroed[i], 0);
	assert_non_null(nothing);
	memcpy(grown, "abc", 4);
	grown = xreallocarray(grown, 100, 100);
	assert_string_equal(grown, "abc");
	free(grown);
}

static void test_copies(void **state)
{
	cleanup_free char *all = xstrdup("abcdef");
	cleanup_free char *some = xstrndup("abcdef", 3);
	cleanup_free char *text = xasprintf("%s-%d", "a", 5);

	(void)state;
	assert_string_equal(all, "abcdef");
	assert_string_equal(some, "abc");
	assert_string_equal(text, "a-5");
}

static void test_replace(void **state)
{
	char *p = NULL;

	(void)state;
	str_replace(&p, "one");
	assert_string_equal(p, "one");
	str_replace(&p, p + 1); /* a part of what is replaced */
	assert_string_equal(p, "ne");
	str_replace(&p, NULL);
	assert_null(p);
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "ab"));
	assert_true(str_starts("abc", "ab"));
	assert_true(str_starts("abc", ""));
	assert_false(str_starts("a", "ab"));
}

static void test_close_keeps_errno(void **state)
{
	int fd = open_null(), number = fd;

	(void)state;
	errno = EXFULL;
	close_fd(&fd);
	assert_int_equal(fd, -1);
	assert_false(is_open(number));
	close_fd(&fd); /* -1 is no descriptor */
	assert_int_equal(fd, -1);
	errno = EXFULL;
	fd = number; /* closed already: close(2) fails */
	close_fd(&fd);
	assert_int_equal(errno, EXFULL);
}

static void test_scope(void **state)
{
	int number;

	(void)state;
	{
		cleanup_close int fd = open_null();

		number = fd;
		assert_true(is_open(number));
	}
	assert_false(is_open(number));
}

static int hand_over(char **ret)
{
	cleanup_close int fd = open_null();
	cleanup_free char *text = xstrdup("kept");

	*ret = take_ptr(text);
	assert_null(text);
	return take_fd(fd);
}

static void test_take(void **state)
{
	char *text;
	int fd = hand_over(&text);

	(void)state;
	assert_true(is_open(fd));
	assert_string_equal(text, "kept");
	close_fd(&fd);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocation),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_close_keeps_errno),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
