/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>

#include "check.h"

static void test_set(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set(&err, -EINVAL, "no '%s' in %d", "br0", 7),
			 -EINVAL);
	assert_int_equal(err.code, -EINVAL);
	assert_string_equal(err.text, "no 'br0' in 7");
}

static void test_set_errno(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set_errno(&err, -ENOSPC, "cannot write '%s'", "f"),
			 -ENOSPC);
	assert_int_equal(err.code, -ENOSPC);
	assert_string_equal(err.text,
			    "cannot write 'f': No space left on device");
}

static void test_prefix(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, -EPERM, "denied");
	assert_int_equal(err_prefix(&err, "word %d", 2), -EPERM);
	assert_int_equal(err_prefix(&err, "--disk '%s'", "a,b"), -EPERM);
	assert_int_equal(err.code, -EPERM);
	assert_string_equal(err.text, "--disk 'a,b': word 2: denied");
}

/* The result is one line that no file name can make a terminal misread. */
static const struct {
	const char *given;
	const char *text;
} controls[] = {
	{ "a\nb", "a?b" },
	{ "\r\t\033[2J", "???[2J" },
	{ "\x01\x1f\x20\x7e\x7f", "?? ~?" },
	{ "br\303\274cke", "br\303\274cke" },
	{ "", "" },
};

static void test_control_characters(void **state)
{
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
		err_set(&err, -EINVAL, "%s", controls[i].given);
		check_text(controls[i].text, err.text, controls[i].text);
	}
	err_set(&err, -EINVAL, "x");
	err_prefix(&err, "%s", "p\n");
	assert_string_equal(err.text, "p?: x");
	err_set_errno(&err, -EIO, "%s", "q\n");
	assert_string_equal(err.text, "q?: Input/output error");
}

/* A text of `len` bytes, "0123456789012...". Owned by the caller. */
static char *digits(size_t len)
{
	char *text = xcalloc(len + 1, 1);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('0' + i % 10);
	return text;
}

static void test_longest(void **state)
{
	cleanup_free char *text = digits(ERR_TEXT_MAX - 1);
	struct err err;

	(void)state;
	err_set(&err, -EINVAL, "%s", text);
	assert_string_equal(err.text, text);
}

/* What does not fit loses its middle: the name's begin and the cause stay. */
static void test_cut(void **state)
{
	cleanup_free char *text = digits(ERR_TEXT_MAX);
	struct err err;

	(void)state;
	err_set(&err, -EINVAL, "%s", text);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	char *mark = strstr(err.text, "[...]");
	assert_non_null(mark);
	assert_memory_equal(err.text, text, (size_t)(mark - err.text));
	const char *tail = mark + strlen("[...]");
	assert_string_equal(tail, text + ERR_TEXT_MAX - strlen(tail));

	cleanup_free char *path = digits(4096);
	err_set_errno(&err, -ENOENT, "cannot open '%s'", path);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	assert_true(str_starts(err.text, "cannot open '0123"));
	assert_non_null(strstr(err.text, "': No such file or directory"));
	err_prefix(&err, "--disk");
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	assert_true(str_starts(err.text, "--disk: cannot open '0123"));
	assert_non_null(strstr(err.text, "': No such file or directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_set_errno),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
