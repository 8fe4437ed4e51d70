/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/passthrough.h"

#include "base/strbuf.h"
#include "check.h"

#define ARGS_MAX 8

struct expected {
	bool names_accel, is_daemonized, is_snapshot, uses_curses;
	unsigned int cpus;
	const char *guest_name;
};

/* QEMU takes one dash or two before an option. */
static const struct {
	const char *args[ARGS_MAX];
	struct expected want;
} rows[] = {
	{ { NULL }, { 0 } },
	{ { "-m", "2G", "-nographic" }, { 0 } },

	/* The accelerator, in every spelling. */
	{ { "-accel", "tcg" }, { .names_accel = true } },
	{ { "--accel", "kvm,kernel-irqchip=on" }, { .names_accel = true } },
	{ { "-enable-kvm" }, { .names_accel = true } },
	{ { "--enable-kvm" }, { .names_accel = true } },
	{ { "-no-kvm" }, { .names_accel = true } },
	{ { "-machine", "q35,accel=tcg" }, { .names_accel = true } },
	{ { "-machine", "accel=kvm:tcg" }, { .names_accel = true } },
	{ { "-M", "pc,usb=off,accel=kvm" }, { .names_accel = true } },
	{ { "--machine", "accel=" }, { .names_accel = true } },
	{ { "-machine", "q35" }, { 0 } },
	{ { "-machine", "accel" }, { 0 } },
	{ { "-machine", "q35,xaccel=tcg" }, { 0 } },
	{ { "-machine", "q35", "-M", "accel=tcg", "-machine", "pc" },
	  { .names_accel = true } },
	{ { "-accel" }, { 0 } }, /* QEMU refuses it */
	{ { "accel", "tcg" }, { 0 } },

	/* Flags. */
	{ { "-daemonize" }, { .is_daemonized = true } },
	{ { "--daemonize", "-m", "1G" }, { .is_daemonized = true } },
	{ { "-snapshot" }, { .is_snapshot = true } },
	{ { "-curses" }, { .uses_curses = true } },
	{ { "-display", "curses" }, { .uses_curses = true } },
	{ { "-display", "type=curses" }, { .uses_curses = true } },
	{ { "--display", "curses,charset=CP850" }, { .uses_curses = true } },
	{ { "-display", "none" }, { 0 } },
	{ { "-display", "gtk,curses=on" }, { 0 } },
	{ { "-display", "curses", "-display", "none" }, { 0 } },

	/* How many CPUs there are when the guest starts. */
	{ { "-smp", "4" }, { .cpus = 4 } },
	{ { "--smp", "cpus=4" }, { .cpus = 4 } },
	{ { "-smp", "4,maxcpus=8,sockets=2" }, { .cpus = 4 } },
	{ { "-smp", "sockets=2,cores=3,cpus=4" }, { .cpus = 4 } },
	{ { "-smp", "0x10" }, { .cpus = 16 } },
	{ { "-smp", "maxcpus=8" }, { .cpus = 8 } },
	{ { "-smp", "sockets=2,maxcpus=8" }, { .cpus = 8 } },
	{ { "-smp", "cores=4" }, { .cpus = 4 } },
	{ { "-smp", "sockets=2,dies=3,clusters=1,cores=5,threads=2" },
	  { .cpus = 60 } },
	{ { "-smp", "drawers=2,books=3,sockets=1,modules=2,cores=2" },
	  { .cpus = 24 } },
	{ { "-smp", "0,cores=2" }, { .cpus = 2 } },
	{ { "-smp", "2", "-smp", "3" }, { .cpus = 3 } },
	{ { "-smp", "65535" }, { .cpus = 65535 } },
	/* QEMU refuses these. */
	{ { "-smp", "65536" }, { 0 } },
	{ { "-smp", "-1" }, { 0 } },
	{ { "-smp", "4x" }, { 0 } },
	{ { "-smp", "cpus=" }, { 0 } },
	{ { "-smp", "" }, { 0 } },
	{ { "-smp", "help" }, { 0 } },
	{ { "-smp", "sockets=65535,cores=65535" }, { .cpus = 65535 } },
	{ { "-smp" }, { 0 } },

	/* The guest's name. */
	{ { "-name", "web" }, { .guest_name = "web" } },
	{ { "--name", "guest=web" }, { .guest_name = "web" } },
	{ { "-name", "web,process=qemu-web" }, { .guest_name = "web" } },
	{ { "-name", "process=p,guest=web,debug-threads=on" },
	  { .guest_name = "web" } },
	{ { "-name", "a,,b" }, { .guest_name = "a,b" } },
	{ { "-name", "two words" }, { .guest_name = "two words" } },
	{ { "-name", "one", "-name", "two" }, { .guest_name = "two" } },
	{ { "-name", "process=p" }, { 0 } },
	{ { "-name", "guest=" }, { 0 } },
	{ { "-name", "" }, { 0 } },
	{ { "-name" }, { 0 } },

	/* An option's argument is none, whatever it looks like. */
	{ { "-append", "-enable-kvm" }, { 0 } },
	{ { "-append", "-daemonize", "-snapshot" }, { .is_snapshot = true } },
	{ { "-name", "-curses" }, { .guest_name = "-curses" } },
	{ { "-serial", "-name", "web" }, { 0 } },
	{ { "-kernel", "-accel", "-accel", "tcg" }, { .names_accel = true } },
	/* After a flag comes an option. */
	{ { "-nographic", "-name", "web" }, { .guest_name = "web" } },
	{ { "-no-reboot", "-daemonize" }, { .is_daemonized = true } },
	/* What begins without a dash is an image's name. */
	{ { "disk.img", "-snapshot" }, { .is_snapshot = true } },
	{ { "-", "-snapshot" }, { .is_snapshot = true } },
	{ { "", "-snapshot" }, { .is_snapshot = true } },
};

static void add_args(struct strv *args, const char *const *list)
{
	for (size_t i = 0; i < ARGS_MAX && list[i]; i++)
		strv_add(args, list[i]);
}

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct expected *want = &rows[i].want;
		cleanup_strv struct strv args = STRV_INIT;
		cleanup_free char *row = xasprintf("row %zu", i);
		struct passthrough pt;

		add_args(&args, rows[i].args);
		passthrough_read(&args, &pt);
		check_number(row, pt.names_accel, want->names_accel);
		check_number(row, pt.is_daemonized, want->is_daemonized);
		check_number(row, pt.is_snapshot, want->is_snapshot);
		check_number(row, pt.uses_curses, want->uses_curses);
		check_number(row, pt.cpus, want->cpus);
		check_text(row, pt.guest_name, want->guest_name);
		passthrough_done(&pt);
		assert_null(pt.guest_name);
	}
}

/* What there is to boot and to look at, in words. */
static const struct {
	const char *args[ARGS_MAX];
	const char *words;
} outlooks[] = {
	{ { "-m", "2G", "-smp", "2" }, "" },
	{ { "-nographic" }, "serial output" },
	{ { "-serial", "file:log" }, "serial output" },
	{ { "-display", "none" }, "serial output" },
	{ { "-vnc", "none" }, "serial output" },
	{ { "-vga", "none" }, "output" },
	{ { "-vnc", ":1" }, "screen output" },
	{ { "-display", "gtk" }, "screen output" },
	{ { "-curses" }, "screen output" },
	{ { "-vga", "std", "-nographic" }, "serial screen output" },
	{ { "-daemonize" }, "output" },
	{ { "-M", "q35" }, "machine" },
	{ { "-machine", "usb=off" }, "machine" },

	{ { "-kernel", "k" }, "kernel medium" },
	{ { "--initrd", "i" }, "initrd" },
	{ { "-append", "x" }, "append" },
	{ { "-kernel" }, "" },
	{ { "-cdrom", "c.iso" }, "medium ide" },
	{ { "-hda", "d" }, "medium ide" },
	{ { "-fda", "d" }, "medium ide" },
	{ { "-drive", "file=d" }, "medium ide" },
	{ { "-drive", "file=d,if=virtio" }, "medium" },
	{ { "-drive", "file=d,if=ide" }, "medium ide" },
	{ { "-drive", "file=d,if=pflash" }, "" },
	{ { "-device", "nvme,drive=d" }, "medium" },
	{ { "-device", "scsi-hd,drive=d" }, "medium scsi" },
	{ { "-device", "qemu-xhci" }, "" },

	{ { "-boot", "n" }, "roms" },
	{ { "-boot", "cdn" }, "roms" },
	{ { "-boot", "order=dn,menu=off" }, "roms" },
	{ { "-boot", "once=n" }, "roms" },
	{ { "-boot", "menu=on" }, "roms" },
	{ { "-boot", "d" }, "" },
	{ { "-boot", "order=c,splash=n" }, "" },
	{ { "-boot", "menu=off" }, "" },
	{ { "-option-rom", "r" }, "roms" },
	{ { "-incoming", "defer" }, "roms" },
	{ { "-loadvm", "one" }, "roms" },
	{ { "-global", "virtio-net-pci.romfile=r" }, "roms" },
};

static char *outlook(const struct passthrough *pt)
{
	const struct {
		bool is_said;
		const char *word;
	} words[] = {
		{ pt->kernel_option, pt->kernel_option },
		{ pt->is_serial_watched, "serial" },
		{ pt->names_screen, "screen" },
		{ pt->names_output, "output" },
		{ pt->names_machine, "machine" },
		{ pt->has_medium, "medium" },
		{ pt->keeps_roms, "roms" },
		{ pt->mentions_scsi, "scsi" },
		{ pt->mentions_ide, "ide" },
	};
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].is_said)
			strbuf_addf(&sb, "%s%s", sb.len ? " " : "",
				    words[i].word);
	return strbuf_detach(&sb);
}

static void test_outlook(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outlooks); i++) {
		cleanup_strv struct strv args = STRV_INIT;
		cleanup_free char *row = xasprintf("outlook %zu", i);
		struct passthrough pt;

		add_args(&args, outlooks[i].args);
		passthrough_read(&args, &pt);
		cleanup_free char *got = outlook(&pt);
		check_text(row, got, outlooks[i].words);
		passthrough_done(&pt);
	}
}

/* What xkvm has options of its own for. */
static const struct {
	const char *args[ARGS_MAX];
	const char *machine_type;
	bool names_cpu, names_smp, names_memory;
} machines[] = {
	{ { NULL }, NULL, false, false, false },
	{ { "-m", "2G" }, NULL, false, false, true },
	{ { "--m", "size=2G" }, NULL, false, false, true },
	{ { "-cpu", "max" }, NULL, true, false, false },
	{ { "-smp", "nonsense" }, NULL, false, true, false },
	{ { "-machine", "q35" }, "q35", false, false, false },
	{ { "-M", "type=q35,smm=on" }, "q35", false, false, false },
	{ { "-M", "smm=on,type=q35" }, "q35", false, false, false },
	{ { "-machine", "smm=on" }, NULL, false, false, false },
	{ { "-machine", "" }, NULL, false, false, false },
	{ { "-machine", "type=" }, NULL, false, false, false },
	{ { "-machine", "q35", "-M", "pc" }, "pc", false, false, false },
	{ { "-machine", "q35", "-M", "usb=off" }, "q35", false, false, false },
	{ { "-append", "-m", "-cpu" }, NULL, false, false, false },
};

static void test_machine(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		cleanup_strv struct strv args = STRV_INIT;
		cleanup_free char *row = xasprintf("row %zu", i);
		struct passthrough pt;

		add_args(&args, machines[i].args);
		passthrough_read(&args, &pt);
		check_text(row, pt.machine_type, machines[i].machine_type);
		check_number(row, pt.names_cpu, machines[i].names_cpu);
		check_number(row, pt.names_smp, machines[i].names_smp);
		check_number(row, pt.names_memory, machines[i].names_memory);
		passthrough_done(&pt);
		assert_null(pt.machine_type);
	}
}

/* The descriptors, as text: "3 4". */
static const struct {
	const char *args[ARGS_MAX];
	const char *fds;
} descriptors[] = {
	{ { "-m", "2G" }, "" },
	{ { "-netdev", "tap,id=n,fd=3" }, "3" },
	{ { "-netdev", "tap,id=n,fds=3:4:5,vhost=on" }, "3 4 5" },
	{ { "-netdev", "tap,fd=3,vhostfd=7" }, "3 7" },
	{ { "-netdev", "tap,fds=3:4,vhostfds=5:6" }, "3 4 5 6" },
	{ { "-chardev", "socket,id=c,fd=10" }, "10" },
	{ { "-add-fd", "fd=9,set=2,opaque=x" }, "9" },
	{ { "-drive", "file=/dev/fd/8,format=raw" }, "8" },
	{ { "-serial", "file:/proc/self/fd/12" }, "12" },
	{ { "-incoming", "fd:5" }, "" },
	{ { "/dev/fd/6" }, "6" },
	{ { "-netdev", "tap,fd=3", "-netdev", "tap,fd=3" }, "3" },
	{ { "-netdev", "tap,fd=4", "-netdev", "tap,fd=3" }, "4 3" },
	{ { "-append", "fd=3" }, "3" }, /* at most one too many is passed */
	/* The standard ones every program has. */
	{ { "-chardev", "fdset,fds=0:1:2:3" }, "3" },
	{ { "-netdev", "tap,fd=-3" }, "" },
	{ { "-netdev", "tap,fd=" }, "" },
	{ { "-netdev", "tap,fd=x" }, "" },
	{ { "-netdev", "tap,fds=3:" }, "3" },
	{ { "-netdev", "tap,fds=3:x:4" }, "3" },
	{ { "-netdev", "tap,fd=monitor" }, "" },
	{ { "-netdev", "tap,fd=1048576" }, "1048576" },
	{ { "-netdev", "tap,fd=1048577" }, "" },
	{ { "-netdev", "tap,fd=99999999999999999999999" }, "" },
};

static char *fds_text(const struct passthrough *pt)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < pt->fd_count; i++)
		strbuf_addf(&sb, "%s%d", i ? " " : "", pt->fds[i]);
	return strbuf_detach(&sb);
}

static void test_fds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(descriptors); i++) {
		cleanup_strv struct strv args = STRV_INIT;
		struct passthrough pt;

		add_args(&args, descriptors[i].args);
		passthrough_read(&args, &pt);
		cleanup_free char *got = fds_text(&pt);
		check_text(descriptors[i].args[0], got, descriptors[i].fds);
		passthrough_done(&pt);
		assert_null(pt.fds);
	}
}

static void test_add_fds(void **state)
{
	struct passthrough pt = { 0 };

	(void)state;
	passthrough_add_fds(&pt, "/dev/fd/5");
	passthrough_add_fds(&pt, "nothing");
	passthrough_add_fds(&pt, "/dev/fd/4,/dev/fd/5");
	cleanup_free char *got = fds_text(&pt);
	assert_string_equal(got, "5 4");
	passthrough_done(&pt);
}

static void test_kernel(void **state)
{
	static const struct {
		const char *args[ARGS_MAX];
		const char *machine;
		bool has_kernel;
	} table[] = {
		{ { "-m", "2G" }, NULL, false },
		{ { "-machine", "q35" }, "q35", false },
		{ { "-M", "pc-q35-7.2,smm=on" }, "pc-q35-7.2", false },
		{ { "--machine", "accel=tcg,type=virt" }, "virt", false },
		{ { "-machine", "smm=on" }, NULL, false },
		{ { "-machine", "" }, NULL, false },
		{ { "-machine", "q35", "-M", "smm=off" }, "q35", false },
		{ { "-machine", "q35", "-M", "pc" }, "pc", false },
		{ { "-kernel", "vmlinuz" }, NULL, true },
		{ { "-append", "-kernel" }, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		cleanup_strv struct strv args = STRV_INIT;
		struct passthrough pt;

		for (size_t j = 0; table[i].args[j]; j++)
			strv_add(&args, table[i].args[j]);
		passthrough_read(&args, &pt);
		check_text(table[i].args[1], pt.machine_type, table[i].machine);
		check_number(table[i].args[1], pt.has_kernel,
			     table[i].has_kernel);
		passthrough_done(&pt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),	cmocka_unit_test(test_outlook),
		cmocka_unit_test(test_machine), cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_fds),	cmocka_unit_test(test_add_fds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
