/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/kernel_spec.h"

#include <errno.h>

#include "check.h"

static void test_append(void **state)
{
	struct kernel_spec kernel = { 0 };

	(void)state;
	kernel_spec_append(&kernel, "");
	kernel_spec_append(&kernel, " ");
	assert_null(kernel.append);
	kernel_spec_append(&kernel, "root=/dev/vda ro");
	kernel_spec_append(&kernel, "");
	kernel_spec_append(&kernel, "quiet");
	assert_string_equal(kernel.append, "root=/dev/vda ro quiet");
	kernel_spec_done(&kernel);
	assert_null(kernel.append);
}

static void test_append_console(void **state)
{
	struct kernel_spec kernel = { 0 };
	struct err err;

	(void)state;
	check_ok("no", kernel_spec_set_append_console(&kernel, "no", &err),
		 &err);
	assert_int_equal(kernel.append_console, APPEND_CONSOLE_NO);
	check_ok("bare", kernel_spec_set_append_console(&kernel, NULL, &err),
		 &err);
	assert_int_equal(kernel.append_console, APPEND_CONSOLE_YES);
	check_error("on", kernel_spec_set_append_console(&kernel, "on", &err),
		    &err, -EINVAL, "--append-console=on: say yes or no");
	assert_int_equal(kernel.append_console, APPEND_CONSOLE_YES);
}

#define ALONE                                                                \
	" goes with --kernel, which is not given; a -kernel after '--' has " \
	"its own -initrd and -append there"
#define BOTH(option)                                                      \
	"--kernel and QEMU's -" option " after '--' exclude each other; " \
	"give --kernel, --initrd and --append, or all three after '--'"

static const struct {
	const char *file, *initrd, *append;
	enum append_console console;
	const char *qemus;
	const char *message; /* NULL: none */
} checks[] = {
	{ .message = NULL },
	{ "k", "i", "a", APPEND_CONSOLE_YES, NULL, NULL },
	{ .qemus = "kernel" },
	{ .initrd = "i", .message = "--initrd" ALONE },
	{ .append = "a", .message = "--append" ALONE },
	{ .append = "a", .qemus = "kernel", .message = "--append" ALONE },
	{ .console = APPEND_CONSOLE_NO, .message = "--append-console" ALONE },
	{ .file = "k", .qemus = "kernel", .message = BOTH("kernel") },
	{ .file = "k", .qemus = "append", .message = BOTH("append") },
};

static void test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		const struct passthrough pt = { .kernel_option =
							checks[i].qemus };
		struct kernel_spec kernel = { .append_console =
						      checks[i].console };
		struct err err;

		str_replace(&kernel.file, checks[i].file);
		str_replace(&kernel.initrd, checks[i].initrd);
		str_replace(&kernel.append, checks[i].append);
		int r = kernel_spec_check(&kernel, &pt, &err);
		if (checks[i].message)
			check_error(row, r, &err, -EINVAL, checks[i].message);
		else
			check_ok(row, r, &err);
		kernel_spec_done(&kernel);
	}
}

static const struct {
	const char *append; /* NULL: none */
	enum append_console said;
	bool wants;
} consoles[] = {
	{ NULL, APPEND_CONSOLE_AUTO, true },
	{ "quiet", APPEND_CONSOLE_AUTO, true },
	{ "console=tty0", APPEND_CONSOLE_AUTO, false },
	{ "quiet\tconsole=", APPEND_CONSOLE_AUTO, false },
	{ "quiet console=ttyS1 ro", APPEND_CONSOLE_AUTO, false },
	{ "netconsole=x myconsole=y", APPEND_CONSOLE_AUTO, true },
	{ "quiet -- console=x", APPEND_CONSOLE_AUTO, true },
	{ "--x console=y", APPEND_CONSOLE_AUTO, false },
	{ "console=tty0", APPEND_CONSOLE_YES, true },
	{ NULL, APPEND_CONSOLE_NO, false },
};

static void test_wants_console(void **state)
{
	struct kernel_spec kernel = { 0 };

	(void)state;
	assert_false(kernel_spec_wants_console(&kernel));
	str_replace(&kernel.file, "k");
	for (size_t i = 0; i < ARRAY_SIZE(consoles); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);

		str_replace(&kernel.append, consoles[i].append);
		kernel.append_console = consoles[i].said;
		check_number(row, kernel_spec_wants_console(&kernel),
			     consoles[i].wants);
	}
	kernel_spec_done(&kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_append_console),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_wants_console),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
