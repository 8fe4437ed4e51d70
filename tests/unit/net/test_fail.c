/* SPDX-License-Identifier: Apache-2.0 */
#include "fail.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static void test_set(void **state)
{
	struct fail fail = { .nic = 7 };

	(void)state;
	assert_int_equal(fail_set(&fail, FAIL_MAC, "'%s' %d", "br0", 5), -1);
	assert_int_equal(fail.code, FAIL_MAC);
	assert_int_equal(fail.nic, FAIL_NO_NIC);
	assert_string_equal(fail.text, "'br0' 5");
}

static void test_control_characters(void **state)
{
	struct fail fail;

	(void)state;
	fail_set(&fail, FAIL_SYS, "a\nb\x01\x7f\303\274 c");
	assert_string_equal(fail.text, "a?b??\303\274 c");
}

static void test_long_text(void **state)
{
	char text[2 * NET_TEXT_MAX];
	struct fail fail;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	fail_set(&fail, FAIL_SYS, "%s", text);
	assert_int_equal(strlen(fail.text), NET_TEXT_MAX);
	fail_errno(&fail, EPERM, text, "%s", text);
	assert_int_equal(strlen(fail.text), NET_TEXT_MAX);
}

static const struct {
	int err;
	enum fail_code code;
	const char *detail;
	const char *text;
} errnos[] = {
	{ EINVAL, FAIL_SYS, NULL, "cannot do x: Invalid argument" },
	{ EINVAL, FAIL_SYS, "", "cannot do x: Invalid argument" },
	{ EINVAL, FAIL_SYS, "mtu too big",
	  "cannot do x: Invalid argument (mtu too big)" },
	{ EMFILE, FAIL_LIMIT, NULL,
	  "cannot do x: Too many open files; raise the limit on open files "
	  "('ulimit -n')" },
	{ EXFULL, FAIL_LIMIT, "no room",
	  "cannot do x: Exchange full (no room); remove ports from that "
	  "bridge" },
	{ EPERM, FAIL_DENIED, NULL, "cannot do x: Operation not permitted" },
};

static void test_errno(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errnos); i++) {
		struct fail fail;

		assert_int_equal(fail_errno(&fail, errnos[i].err,
					    errnos[i].detail, "cannot do %s",
					    "x"),
				 -1);
		assert_int_equal(fail.code, errnos[i].code);
		assert_int_equal(fail.nic, FAIL_NO_NIC);
		assert_string_equal(fail.text, errnos[i].text);
		assert_int_equal(fail.is_eperm, errnos[i].err == EPERM);
	}
}

static void test_append(void **state)
{
	char text[2 * NET_TEXT_MAX];
	struct fail fail = { .is_eperm = true };

	(void)state;
	fail_set(&fail, FAIL_SYS, "a");
	assert_false(fail.is_eperm);
	fail_append(&fail, "b\n");
	assert_string_equal(fail.text, "a; b?");
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	fail_append(&fail, text);
	assert_int_equal(strlen(fail.text), NET_TEXT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
