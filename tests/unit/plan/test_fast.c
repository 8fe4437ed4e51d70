/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/fast.h"

#include "scene.h"

#define AS_WITHOUT "; the guest starts as without it"
#define MICROVM "microvm,pcie=on"

static void set_up(struct scene *s)
{
	scene_init(s);
	str_replace(&s->spec.kernel.file, "k");
	str_replace(&s->spec.cache_home, "/c");
	s->spec.kernel.is_fast = true;
	s->facts.kernel = KERNEL_PACKED;
	scene_words(&s->facts.qemu.machines, "none pc q35 microvm");
}

static struct fast choose(struct scene *s, enum accel accel,
			  struct machine *machine)
{
	struct fast fast;

	scene_finish(s);
	fast_choose(&s->plan, &s->spec, &s->facts, accel, machine, &fast);
	return fast;
}

static void check_note(const char *row, const struct scene *s, const char *want)
{
	cleanup_free char *notes = scene_notes(s);

	check_text(row, notes, want);
}

static void check_ordinary(const char *row, struct scene *s, const char *note)
{
	struct machine machine = machine_of("aarch64");
	struct fast fast = choose(s, ACCEL_KVM, &machine);

	check_number(row, fast.is_on, false);
	check_number(row, fast.has_scsi, true);
	check_number(row, fast.unpacks_kernel, false);
	check_number(row, machine.is_uefi_default, true);
	check_note(row, s, note);
	scene_done(s);
}

static void test_obstacles(void **state)
{
	struct scene s;

	(void)state;
	set_up(&s);
	s.spec.kernel.is_fast = false;
	check_ordinary("not asked for", &s, "");
	set_up(&s);
	str_replace(&s.spec.kernel.file, NULL);
	check_ordinary("no kernel", &s,
		       "--fast: there is no --kernel" AS_WITHOUT);
	set_up(&s);
	s.spec.is_uefi = true;
	check_ordinary("uefi", &s,
		       "--fast: UEFI is asked for and starts first" AS_WITHOUT);
	set_up(&s);
	str_replace(&s.spec.bios, "b");
	check_ordinary("bios", &s,
		       "--fast: --bios starts that firmware first" AS_WITHOUT);
	set_up(&s);
	s.facts.kernel = KERNEL_PACKED_FOR_UEFI;
	check_ordinary("zboot", &s,
		       "--fast: its kernel is packed so that it starts by UEFI "
		       "alone" AS_WITHOUT);
	set_up(&s);
	scene_qemu_arg(&s, "-curses");
	check_ordinary("screen", &s,
		       "--fast: an argument after '--' asks for a "
		       "screen" AS_WITHOUT);
}

/* On which machine an x86 guest is started. */
static const struct {
	enum accel accel;
	const char *disk; /* or NULL, likewise the next two */
	const char *append;
	const char *qemu_args[2];
	const char *board; /* what fast_choose() puts there, or NULL */
} machines[] = {
	{ ACCEL_KVM, NULL, NULL, { NULL }, MICROVM },
	{ ACCEL_KVM, "d.img", NULL, { "-m", "1G" }, MICROVM },
	{ ACCEL_KVM, "d.img,driver=nvme", NULL, { NULL }, MICROVM },
	{ ACCEL_KVM, "d.img,if=ide", NULL, { NULL }, NULL },
	{ ACCEL_KVM, "d.img,if=pflash", NULL, { NULL }, NULL },
	{ ACCEL_KVM, NULL, NULL, { "-cdrom", "c.iso" }, NULL },
	{ ACCEL_KVM, NULL, NULL, { "-machine", "q35" }, NULL },
	/* Where Linux cannot find out the frequency of the clock. */
	{ ACCEL_TCG, NULL, NULL, { NULL }, NULL },
	{ ACCEL_AUTO, NULL, NULL, { NULL }, NULL },
	{ ACCEL_TCG, NULL, "quiet tsc_early_khz=1000", { NULL }, MICROVM },
};

static void test_machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		struct machine machine = machine_of("x86_64");
		struct scene s;

		set_up(&s);
		if (machines[i].disk)
			scene_disk(&s, machines[i].disk);
		str_replace(&s.spec.kernel.append, machines[i].append);
		for (size_t j = 0; j < 2 && machines[i].qemu_args[j]; j++)
			scene_qemu_arg(&s, machines[i].qemu_args[j]);
		struct fast fast = choose(&s, machines[i].accel, &machine);
		check_number(row, fast.is_on, true);
		check_text(row, machine.board, machines[i].board);
		check_text(row, fast.kernel_words,
			   machines[i].accel == ACCEL_KVM ? NULL
							  : "no_timer_check");
		scene_done(&s);
	}
}

/* The user's machine wins, and so does a TPM, which a microvm has not. */
static void test_stays(void **state)
{
	struct machine machine = machine_of("x86_64");
	struct scene s;
	struct err err;

	(void)state;
	set_up(&s);
	assert_int_equal(run_spec_set_machine(&s.spec, "q35", &err), 0);
	assert_false(fast_asks_machines(&s.spec, &machine));
	assert_true(choose(&s, ACCEL_KVM, &machine).is_on);
	assert_null(machine.board);
	check_note("--machine", &s,
		   "--fast: the machine stays the one that is named");
	scene_done(&s);
	set_up(&s);
	assert_int_equal(run_spec_set_machine(&s.spec, "smm=on", &err), 0);
	assert_true(choose(&s, ACCEL_KVM, &machine).is_on);
	assert_null(machine.board);
	scene_done(&s);
	set_up(&s);
	run_spec_set_tpm(&s.spec, NULL);
	assert_true(choose(&s, ACCEL_KVM, &machine).is_on);
	assert_null(machine.board);
	check_note("--tpm", &s, "");
	scene_done(&s);
}

static void test_no_microvm(void **state)
{
	struct machine machine = machine_of("x86_64");
	struct scene s;

	(void)state;
	set_up(&s);
	strv_done(&s.facts.qemu.machines);
	s.facts.qemu.machines = (struct strv)STRV_INIT;
	assert_true(choose(&s, ACCEL_KVM, &machine).is_on);
	assert_null(machine.board);
	scene_done(&s);
}

/* When QEMU is given the kernel's ELF. */
static const struct {
	const char *arch;
	enum kernel_packing packing;
	enum accel accel;
	const char *cache;
	bool unpacks;
	const char *note;
} kernels[] = {
	{ "x86_64", KERNEL_PACKED, ACCEL_TCG, "/c", true, "" },
	{ "x86_64", KERNEL_PACKED, ACCEL_TCG, NULL, true, "" },
	{ "x86_64", KERNEL_PACKED, ACCEL_KVM, "/c", true, "" },
	{ "x86_64", KERNEL_PACKED, ACCEL_KVM, NULL, false, "" },
	{ "i386", KERNEL_PACKED, ACCEL_TCG, "/c", true, "" },
	{ "x86_64", KERNEL_PLAIN, ACCEL_TCG, "/c", false, "" },
	{ "x86_64", KERNEL_PACKED_UNKNOWN, ACCEL_TCG, "/c", false,
	  "--fast: 'k' is packed in a way that xkvm does not know; the guest "
	  "unpacks it" },
	{ "aarch64", KERNEL_PACKED, ACCEL_TCG, "/c", false, "" },
};

static void test_kernels(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);
		struct machine machine = machine_of(kernels[i].arch);
		struct scene s;

		set_up(&s);
		s.facts.kernel = kernels[i].packing;
		str_replace(&s.spec.cache_home, kernels[i].cache);
		struct fast fast = choose(&s, kernels[i].accel, &machine);
		check_number(row, fast.unpacks_kernel, kernels[i].unpacks);
		check_note(row, &s, kernels[i].note);
		scene_done(&s);
	}
}

static void test_aarch64(void **state)
{
	struct machine machine = machine_of("aarch64");
	struct scene s;

	(void)state;
	set_up(&s);
	choose(&s, ACCEL_TCG, &machine);
	assert_false(machine.is_uefi_default);
	assert_string_equal(machine.board, "virt");
	scene_done(&s);
}

static void test_scsi(void **state)
{
	struct machine machine = machine_of("s390x");
	struct scene s;

	(void)state;
	set_up(&s);
	scene_disk(&s, "d.img");
	assert_false(choose(&s, ACCEL_TCG, &machine).has_scsi);
	scene_done(&s);
	set_up(&s);
	scene_disk(&s, "d.img,driver=scsi-hd");
	assert_true(choose(&s, ACCEL_TCG, &machine).has_scsi);
	scene_done(&s);
	set_up(&s);
	scene_qemu_arg(&s, "-device");
	scene_qemu_arg(&s, "scsi-hd,drive=d");
	assert_true(choose(&s, ACCEL_TCG, &machine).has_scsi);
	scene_done(&s);
}

static const struct {
	const char *arch;
	const char *qemu_args[2];
	const char *command;
} outputs[] = {
	{ "x86_64", { NULL }, "-vga none -nographic" },
	{ "x86_64", { "-nographic" }, "-vga none" },
	{ "x86_64", { "-serial", "file:log" }, "-vga none" },
	{ "ppc64", { NULL }, "-vga none -nographic" },
	{ "aarch64", { NULL }, "-nographic" },
	{ "s390x", { "-display", "none" }, "" },
};

static void test_output(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
		struct machine machine = machine_of(outputs[i].arch);
		struct scene s;

		set_up(&s);
		for (size_t j = 0; j < 2 && outputs[i].qemu_args[j]; j++)
			scene_qemu_arg(&s, outputs[i].qemu_args[j]);
		struct fast fast = choose(&s, ACCEL_TCG, &machine);
		fast_add_output(&s.plan, &s.spec, &machine, &fast);
		cleanup_free char *command = scene_command(&s);
		check_text(outputs[i].arch, command, outputs[i].command);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_obstacles),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_stays),
		cmocka_unit_test(test_no_microvm),
		cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_aarch64),
		cmocka_unit_test(test_scsi),
		cmocka_unit_test(test_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
