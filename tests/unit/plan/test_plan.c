/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

#include <errno.h>

#include "scene.h"

static int make(struct scene *s)
{
	return plan_make(&s->spec, &s->facts, &s->plan, &s->err);
}

static void set_up(struct scene *s)
{
	scene_init(s);
	scene_nic(s, "user");
}

static bool has_arg(const struct scene *s, const char *arg)
{
	return strv_has(&s->plan.argv, arg);
}

/* The order of devices is the order of the guest's PCI addresses. */
static void test_order(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	scene_file(&s, "b.fd");
	scene_file(&s, "d.img")->was_raw = true;
	str_replace(&s.spec.bios, "b.fd");
	s.spec.no_reboot = true;
	scene_disk(&s, "d.img");
	scene_qemu_arg(&s, "-m");
	scene_qemu_arg(&s, "2G");
	scene_finish(&s);
	check_ok("order", make(&s), &s.err);
	cleanup_free char *command = scene_command(&s);
	assert_string_equal(
		command,
		"qemu-system-x86_64 -accel kvm -no-reboot "
		"-readconfig /dev/fd/4 "
		"-drive if=pflash,format=raw,file=b.fd,readonly=on "
		"-device virtio-scsi-pci,id=virtio-scsi-xkvm "
		"-object rng-random,filename=/dev/urandom,id=objrng0 "
		"-device virtio-rng-pci,rng=objrng0,id=rng0 "
		"-device virtio-net-pci,netdev=net00,romfile= "
		"-netdev type=user,id=net00 "
		"-drive file=d.img,id=disk00,if=none,format=raw,index=0 "
		"-device virtio-blk,drive=disk00,serial=d.img -m 2G");
	assert_string_equal(s.plan.program, "/usr/bin/qemu");
	scene_done(&s);
}

/* The monitor is on a socket that has no path, configured by a file that has
 * none either. */
static void test_qmp(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	check_ok("qmp", make(&s), &s.err);
	assert_int_equal(s.plan.fd_count, 2);
	assert_int_equal(s.plan.fds[0].kind, PLAN_FD_QMP);
	assert_int_equal(s.plan.fds[0].number, 3);
	assert_int_equal(s.plan.fds[1].kind, PLAN_FD_CONFIG);
	assert_string_equal(s.plan.fds[1].content, "[chardev \"xkvm-qmp\"]\n"
						   "  backend = \"socket\"\n"
						   "  fd = \"3\"\n"
						   "[mon \"xkvm-qmp\"]\n"
						   "  chardev = \"xkvm-qmp\"\n"
						   "  mode = \"control\"\n");
	scene_done(&s);
}

static void test_machines(void **state)
{
	static const struct {
		const char *arch;
		enum kvm_state kvm;
		const char *part;
	} rows[] = {
		{ "aarch64", KVM_USABLE,
		  " -machine virt -cpu max,pauth-impdef=on "
		  "-drive if=pflash," },
		{ "ppc64", KVM_USABLE,
		  " -machine pseries,usb=off -device spapr-vscsi "
		  "-device virtio-scsi-pci," },
		{ "s390x", KVM_USABLE,
		  " -device virtio-scsi-ccw,id=virtio-scsi-xkvm "
		  "-object rng-random,filename=/dev/urandom,id=objrng0 "
		  "-device virtio-rng-ccw,rng=objrng0,id=rng0 "
		  "-device virtio-net-ccw,netdev=net00 " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		set_up(&s);
		scene_file(&s, "/usr/share/AAVMF/AAVMF_CODE.fd");
		scene_file(&s, "/usr/share/AAVMF/AAVMF_VARS.fd");
		str_replace(&s.spec.arch, rows[i].arch);
		check_ok(rows[i].arch, make(&s), &s.err);
		cleanup_free char *command = scene_command(&s);
		if (!strstr(command, rows[i].part))
			fail_msg("%s: %s", rows[i].arch, command);
		scene_done(&s);
	}
}

/* Under KVM an ARM guest has the host's CPU. */
static void test_host_cpu(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	str_replace(&s.facts.host_machine, "aarch64");
	scene_file(&s, "/usr/share/AAVMF/AAVMF_CODE.fd");
	scene_file(&s, "/usr/share/AAVMF/AAVMF_VARS.fd");
	check_ok("aarch64", make(&s), &s.err);
	assert_true(has_arg(&s, "host"));
	assert_false(has_arg(&s, "max"));
	scene_done(&s);
}

static void test_no_program(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	str_replace(&s.facts.qemu.path, NULL);
	check_error("default", make(&s), &s.err, -ENOENT,
		    "qemu-system-x86_64 is not installed; its package is "
		    "qemu-system-x86 (Debian, Ubuntu), qemu-system-x86-core "
		    "(Fedora), qemu-system-x86 (Arch) or qemu-x86 (SUSE)");
	str_replace(&s.spec.arch, "s390x");
	check_error("s390x", make(&s), &s.err, -ENOENT,
		    "qemu-system-s390x is not installed; its package is "
		    "qemu-system-misc (Debian, Ubuntu), qemu-system-s390x-core "
		    "(Fedora), qemu-system-s390x (Arch) or qemu-s390x (SUSE)");
	str_replace(&s.spec.program, "/opt/q");
	check_error("--kvm", make(&s), &s.err, -ENOENT,
		    "--kvm '/opt/q': no such program; name one in PATH or "
		    "give its path");
	scene_done(&s);
}

/* A plan that cannot be made leaves nothing of itself behind. */
static void test_failure(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	scene_nic(&s, "br0");
	check_error("br0", make(&s), &s.err, -ENODEV,
		    "--netdev 'br0': there is no bridge 'br0'; 'ip link show "
		    "type bridge' lists those there are, 'user' needs none");
	assert_null(s.plan.argv.items);
	assert_int_equal(s.plan.fd_count, 0);
	scene_done(&s);
}

/* The caller's descriptors keep their numbers; the plan's own stand clear. */
static void test_inherited(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	scene_qemu_arg(&s, "-add-fd");
	scene_qemu_arg(&s, "fd=3,set=1");
	scene_finish(&s);
	check_ok("fd=3", make(&s), &s.err);
	assert_int_equal(s.plan.fd_count, 3);
	assert_int_equal(s.plan.fds[0].kind, PLAN_FD_INHERITED);
	assert_int_equal(s.plan.fds[0].number, 3);
	assert_int_equal(s.plan.fds[1].number, 4);
	assert_int_equal(s.plan.fds[2].number, 5);
	scene_done(&s);
}

static void test_daemon(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	scene_qemu_arg(&s, "-daemonize");
	scene_qemu_arg(&s, "-name");
	scene_qemu_arg(&s, "web");
	scene_finish(&s);
	s.spec.grace_ms = 2500;
	check_ok("-daemonize", make(&s), &s.err);
	assert_true(s.plan.is_daemonized);
	assert_string_equal(s.plan.guest_name, "web");
	assert_int_equal(s.plan.grace_ms, 2500);
	/* The supervisor's monitor would die with it. */
	assert_false(has_arg(&s, "-readconfig"));
	scene_done(&s);
}

static void test_terminal(void **state)
{
	static const struct {
		bool in_tty, out_tty, is_empty, curses;
		bool owns;
	} rows[] = {
		{ false, false, false, false, false },
		{ true, true, false, false, true },
		{ true, true, true, false, false }, /* --dowait */
		{ false, true, false, true, true },
		{ false, true, false, false, false },
		{ true, true, true, true, true },
		{ false, false, false, true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		struct scene s;

		set_up(&s);
		s.facts.stdin_is_tty = rows[i].in_tty;
		s.facts.stdout_is_tty = rows[i].out_tty;
		s.spec.stdin_choice = rows[i].is_empty ? STDIN_EMPTY
						       : STDIN_QEMU;
		s.spec.passthrough.uses_curses = rows[i].curses;
		check_ok(row, make(&s), &s.err);
		check_number(row, s.plan.owns_terminal, rows[i].owns);
		check_number(row, s.plan.is_stdin_empty, rows[i].is_empty);
		check_number(row, s.plan.uses_curses, rows[i].curses);
		scene_done(&s);
	}
}

static void test_parts(void **state)
{
	struct plan plan = { 0 };

	(void)state;
	plan_add_arg(&plan, "-flag", NULL);
	plan_add_arg(&plan, "-option", xstrdup("value"));
	assert_int_equal(plan.argv.count, 3);
	plan_note(&plan, NOTE_WARNING, "%d", 7);
	assert_string_equal(plan.notes[0].text, "7");
	assert_int_equal(plan.notes[0].level, NOTE_WARNING);
	/* The same file is not prepared twice; multipath names it often. */
	plan_add_file(&plan, PLAN_FILE_MARK_RAW, "d", NULL);
	plan_add_file(&plan, PLAN_FILE_MARK_RAW, "d", NULL);
	plan_add_file(&plan, PLAN_FILE_MARK_RAW, "e", NULL);
	plan_add_file(&plan, PLAN_FILE_CREATE_NVRAM, "d", "source");
	assert_int_equal(plan.file_count, 3);
	assert_null(plan.files[0].source);
	assert_string_equal(plan.files[2].source, "source");
	plan_done(&plan);
	assert_int_equal(plan.file_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_qmp),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_host_cpu),
		cmocka_unit_test(test_no_program),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
