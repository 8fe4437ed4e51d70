/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel.h"

#include <errno.h>

#include "scene.h"

static void set_up(struct scene *s)
{
	scene_init(s);
	str_replace(&s->spec.kernel.file, "k");
}

static void test_check(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	check_ok("nothing", kernel_check(&s.spec, &s.facts, &s.err), &s.err);
	str_replace(&s.spec.kernel.file, "k");
	str_replace(&s.spec.kernel.initrd, "i");
	scene_file(&s, "k");
	scene_missing_file(&s, "i");
	check_error("missing", kernel_check(&s.spec, &s.facts, &s.err), &s.err,
		    -EINVAL, "--initrd 'i': no such file");
	s.facts.files[1].kind = FILE_DIRECTORY;
	check_error("directory", kernel_check(&s.spec, &s.facts, &s.err),
		    &s.err, -EINVAL, "--initrd 'i' is not a regular file");
	s.facts.files[1].kind = FILE_REGULAR;
	check_ok("both", kernel_check(&s.spec, &s.facts, &s.err), &s.err);
	s.facts.files[0].error = EACCES;
	check_error("unreadable", kernel_check(&s.spec, &s.facts, &s.err),
		    &s.err, -EINVAL,
		    "--kernel 'k' cannot be read: Permission denied");
	scene_done(&s);
}

static const struct {
	const char *arch;
	const char *append; /* NULL: none */
	const char *qemu_arg; /* likewise */
	const char *command;
} rows[] = {
	{ "x86_64", NULL, "-nographic", "-kernel k -append console=ttyS0" },
	{ "x86_64", "quiet", "-nographic",
	  "-kernel k -append console=ttyS0 quiet" },
	{ "x86_64", "quiet", NULL,
	  "-kernel k -append console=ttyS0 console=tty0 quiet" },
	{ "x86_64", "console=x", NULL, "-kernel k -append console=x" },
	{ "i386", NULL, "-nographic", "-kernel k -append console=ttyS0" },
	{ "ppc64", NULL, "-nographic", "-kernel k -append console=hvc0" },
	{ "ppc64", NULL, NULL, "-kernel k -append console=hvc0 console=tty0" },
	/* These have no screen of their own accord. */
	{ "aarch64", NULL, NULL, "-kernel k -append console=ttyAMA0" },
	{ "arm", NULL, NULL, "-kernel k -append console=ttyAMA0" },
	{ "s390x", NULL, NULL, "-kernel k -append console=ttysclp0" },
	{ "riscv64", NULL, NULL, "-kernel k -append console=ttyS0" },
	{ "loongarch64", NULL, NULL, "-kernel k -append console=ttyS0" },
	{ "m68k", NULL, NULL, "-kernel k" },
	{ "m68k", "quiet", NULL, "-kernel k -append quiet" },
};

static void test_console(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct machine machine = machine_of(rows[i].arch);
		const struct fast fast = { 0 };
		struct scene s;

		set_up(&s);
		str_replace(&s.spec.kernel.append, rows[i].append);
		if (rows[i].qemu_arg)
			scene_qemu_arg(&s, rows[i].qemu_arg);
		scene_finish(&s);
		kernel_add(&s.plan, &s.spec, &machine, &fast);
		cleanup_free char *command = scene_command(&s);
		check_text(rows[i].arch, command, rows[i].command);
		scene_done(&s);
	}
}

/* An unpacked kernel is a descriptor, and its words come before the user's. */
static void test_unpacked(void **state)
{
	const struct machine machine = machine_of("x86_64");
	const struct fast fast = { .is_on = true,
				   .unpacks_kernel = true,
				   .kernel_words = "no_timer_check" };
	struct scene s;

	(void)state;
	set_up(&s);
	str_replace(&s.spec.kernel.initrd, "i");
	str_replace(&s.spec.kernel.append, "quiet");
	str_replace(&s.spec.cache_home, "/c");
	kernel_add(&s.plan, &s.spec, &machine, &fast);
	cleanup_free char *command = scene_command(&s);
	assert_string_equal(command, "-kernel /dev/fd/3 -initrd i -append "
				     "console=ttyS0 no_timer_check quiet");
	assert_int_equal(s.plan.fd_count, 1);
	assert_int_equal(s.plan.fds[0].kind, PLAN_FD_KERNEL);
	assert_string_equal(s.plan.fds[0].path, "k");
	assert_string_equal(s.plan.fds[0].cache, "/c/xkvm/kernels");
	scene_done(&s);
}

static void test_no_kernel(void **state)
{
	const struct machine machine = machine_of("x86_64");
	const struct fast fast = { 0 };
	struct scene s;

	(void)state;
	scene_init(&s);
	kernel_add(&s.plan, &s.spec, &machine, &fast);
	assert_int_equal(s.plan.argv.count, 0);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_console),
		cmocka_unit_test(test_unpacked),
		cmocka_unit_test(test_no_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
