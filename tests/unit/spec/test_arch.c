/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/arch.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *name;
	const char *qemu_name;
} names[] = {
	{ "x86_64", "x86_64" },
	{ "amd64", "x86_64" },
	{ "x86-64", "x86_64" },
	{ "i386", "i386" },
	{ "i486", "i386" },
	{ "i586", "i386" },
	{ "i686", "i386" },
	{ "x86", "i386" },
	{ "aarch64", "aarch64" },
	{ "arm64", "aarch64" },
	{ "arm", "arm" },
	{ "armv7l", "arm" },
	{ "armhf", "arm" },
	{ "armv7hl", "arm" },
	{ "AMD64", "x86_64" },
	{ "ARM64", "aarch64" },
	{ "x64", "x86_64" },
	{ "s390", "s390x" },
	{ "loongarch", "loongarch64" },
	{ "ppc64", "ppc64" },
	{ "ppc64le", "ppc64" },
	{ "ppc64el", "ppc64" },
	{ "powerpc64le", "ppc64" },
	{ "s390x", "s390x" },
	{ "riscv64", "riscv64" },
	{ "loong64", "loongarch64" },
	{ "mips64el", "mips64el" },
	{ "X86_64", "X86_64" },
	{ "", "" },
};

static void test_qemu_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		check_text(names[i].name, arch_qemu_name(names[i].name),
			   names[i].qemu_name);
}

static void test_unknown_is_itself(void **state)
{
	const char name[] = "sparc64";

	(void)state;
	assert_ptr_equal(arch_qemu_name(name), name);
}

static void test_check(void **state)
{
	static const char *const good[] = { "x86_64", "s390x", "x86-64",
					    "Alpha",  "_",     "0" };
	static const char *const bad[] = { "",	   "-x86", "x86/64",
					   "../x", "a b",  "a.b",
					   "a\n",  "x;y",  "br\303\274" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		check_ok(good[i], arch_check(good[i], &err), &err);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_free char *text = xasprintf(
			"'%s' is no architecture; QEMU's names are x86_64, "
			"aarch64, s390x, ppc64, riscv64 and so on",
			str_eq(bad[i], "a\n") ? "a?" : bad[i]);

		check_error(bad[i], arch_check(bad[i], &err), &err, -EINVAL,
			    text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qemu_name),
		cmocka_unit_test(test_unknown_is_itself),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
