/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/wait_spec.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *arg;
	enum wait_kind kind;
	const char *text;
	bool needs_console;
	unsigned int port;
} good[] = {
	{ "boot", WAIT_BOOT, NULL, true },
	{ "ssh", WAIT_SSH, NULL, false, 22 },
	{ "port:1", WAIT_PORT, NULL, false, 1 },
	{ "port:65535", WAIT_PORT, NULL, false, 65535 },
	{ "cloud-init", WAIT_CLOUD_INIT, NULL, false },
	{ "exit", WAIT_EXIT, NULL, false },
	{ "text:login:", WAIT_TEXT, "login:", true },
	{ "text:a,b|c+ [0-9]{2}$", WAIT_TEXT, "a,b|c+ [0-9]{2}$", true },
	{ "text: ", WAIT_TEXT, " ", true },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct wait_spec wait, copy;
		struct err err;

		check_ok(good[i].arg, wait_spec_parse(good[i].arg, &wait, &err),
			 &err);
		copy = wait_spec_copy(&wait);
		wait_spec_done(&wait);
		check_number(good[i].arg, copy.kind, good[i].kind);
		check_number(good[i].arg, copy.port, good[i].port);
		check_text(good[i].arg, copy.arg, good[i].arg);
		check_text(good[i].arg, copy.text, good[i].text);
		check_number(good[i].arg, wait_spec_needs_console(&copy),
			     good[i].needs_console);
		wait_spec_done(&copy);
	}
}

#define UNKNOWN "wait for boot, ssh, port:N, cloud-init, text:REGEX or exit"

static const struct {
	const char *arg, *message;
} bad[] = {
	{ "", UNKNOWN },
	{ "Boot", UNKNOWN },
	{ "boots", UNKNOWN },
	{ "boo", UNKNOWN },
	{ "boot:", UNKNOWN },
	{ "boot:now", UNKNOWN },
	{ "exit:0", UNKNOWN },
	{ "text", UNKNOWN },
	{ "ssh:22", UNKNOWN },
	{ "port", UNKNOWN },
	{ "port:", "'' is no port, from 1 to 65535" },
	{ "port:0", "'0' is no port, from 1 to 65535" },
	{ "port:65536", "'65536' is no port, from 1 to 65535" },
	{ "port:+1", "'+1' is no port, from 1 to 65535" },
	{ "port:ssh", "'ssh' is no port, from 1 to 65535" },
	{ "cloud-init:x", UNKNOWN },
	{ "text:", "give a regular expression, such as text:login:" },
	{ "text:a(", "'a(' is no extended regular expression: Unmatched ( or "
		     "\\(" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct wait_spec wait = { .kind = WAIT_EXIT };
		struct err err;

		check_error(bad[i].arg,
			    wait_spec_parse(bad[i].arg, &wait, &err), &err,
			    -EINVAL, bad[i].message);
		assert_int_equal(wait.kind, WAIT_EXIT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
