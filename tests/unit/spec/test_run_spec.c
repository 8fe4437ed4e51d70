/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/run_spec.h"

#include <errno.h>

#include "check.h"

static void add_disk(struct run_spec *spec, const char *arg)
{
	struct err err;

	check_ok(arg, run_spec_add_disk(spec, arg, &err), &err);
}

static void add_nic(struct run_spec *spec, const char *arg)
{
	struct err err;

	check_ok(arg, run_spec_add_nic(spec, arg, &err), &err);
}

static void test_add(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	add_disk(&spec, "a.img");
	add_disk(&spec, "b.img");
	add_nic(&spec, "br0,mac=");
	add_nic(&spec, "br0,mac=");
	assert_int_equal(spec.disk_count, 2);
	assert_string_equal(spec.disks[1].arg, "b.img");
	assert_int_equal(spec.nic_count, 2);
	/* Each NIC is parsed with its own number. */
	assert_int_equal(spec.nics[0].mac.octets[MAC_LEN - 1], 0);
	assert_int_equal(spec.nics[1].mac.octets[MAC_LEN - 1], 1);
	check_error("disk", run_spec_add_disk(&spec, "d,id=", &err), &err,
		    -EINVAL, "--disk 'd,id=': word 2: id= needs a name");
	check_error("nic", run_spec_add_nic(&spec, "-v", &err), &err, -EINVAL,
		    "--netdev '-v': '-v' cannot name a bridge");
	assert_int_equal(spec.disk_count, 2);
	assert_int_equal(spec.nic_count, 2);
	run_spec_done(&spec);
	assert_int_equal(spec.disk_count, 0);
	assert_int_equal(spec.supports_file_locking, -1);
}

static void test_accel(void **state)
{
	static const char *const names[] = {
		[ACCEL_AUTO] = "auto",
		[ACCEL_KVM] = "kvm",
		[ACCEL_TCG] = "tcg",
	};
	enum accel accel;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		check_ok(names[i], accel_parse(names[i], &accel, &err), &err);
		check_number(names[i], accel, (long long)i);
		check_text(names[i], accel_name(accel), names[i]);
	}
	accel = ACCEL_KVM;
	check_error("KVM", accel_parse("KVM", &accel, &err), &err, -EINVAL,
		    "unknown accelerator 'KVM'; use auto, kvm or tcg");
	check_error("", accel_parse("", &accel, &err), &err, -EINVAL,
		    "unknown accelerator ''; use auto, kvm or tcg");
	assert_int_equal(accel, ACCEL_KVM);
}

static void test_firmware(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	spec.is_uefi = true;
	check_ok("uefi", run_spec_finish(&spec, &err), &err);
	str_replace(&spec.bios, "b");
	check_error("bios and uefi", run_spec_finish(&spec, &err), &err,
		    -EINVAL, "--bios and --uefi exclude each other");
	str_replace(&spec.nvram, "n");
	check_error("bios and nvram", run_spec_finish(&spec, &err), &err,
		    -EINVAL, "--bios and --uefi-nvram exclude each other");
	str_replace(&spec.nvram, NULL);
	spec.is_uefi = false;
	check_ok("bios", run_spec_finish(&spec, &err), &err);
	run_spec_done(&spec);
}

/* Who says which UEFI wants UEFI. */
static void test_which_firmware(void **state)
{
	static const struct {
		const char *file, *features;
		enum secure_boot secure_boot;
		bool is_uefi;
		const char *option;
	} rows[] = {
		{ NULL, "", SECURE_BOOT_AUTO, false, NULL },
		{ NULL, "", SECURE_BOOT_NO, false, NULL },
		{ NULL, "", SECURE_BOOT_YES, true, "--secure-boot yes" },
		{ "x.json", "", SECURE_BOOT_AUTO, true, "--firmware" },
		{ NULL, "acpi-s3", SECURE_BOOT_NO, true,
		  "--firmware-features" },
		{ NULL, "~acpi-s3", SECURE_BOOT_NO, true,
		  "--firmware-features" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct run_spec spec = RUN_SPEC_INIT;
		struct err err;

		str_replace(&spec.firmware.file, rows[i].file);
		spec.firmware.secure_boot = rows[i].secure_boot;
		check_ok("features",
			 firmware_spec_add_features(&spec.firmware,
						    rows[i].features, &err),
			 &err);
		check_ok("finish", run_spec_finish(&spec, &err), &err);
		check_number("uefi", spec.is_uefi, rows[i].is_uefi);
		spec.is_uefi = false;
		str_replace(&spec.bios, "b");
		cleanup_free char *message =
			xasprintf("--bios and %s exclude each other",
				  rows[i].option ? rows[i].option : "");
		int r = run_spec_finish(&spec, &err);
		if (rows[i].option)
			check_error("bios", r, &err, -EINVAL, message);
		else
			check_ok("bios", r, &err);
		run_spec_done(&spec);
	}
}

static void test_contradicting_firmware(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	spec.firmware.secure_boot = SECURE_BOOT_YES;
	strv_add(&spec.firmware.unwanted, "secure-boot");
	check_error("both", run_spec_finish(&spec, &err), &err, -EINVAL,
		    "--secure-boot yes and --firmware-features ~secure-boot "
		    "exclude each other");
	run_spec_done(&spec);
}

static void test_exec(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	spec.is_exec = true;
	check_ok("exec", run_spec_finish(&spec, &err), &err);
	spec.grace_ms = 1;
	check_error("exec and grace", run_spec_finish(&spec, &err), &err,
		    -EINVAL,
		    "--exec and --grace exclude each other: nobody is left to "
		    "wait for the guest");
	run_spec_done(&spec);
}

static void test_disk_ids(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	add_disk(&spec, "a,id=x");
	add_disk(&spec, "b");
	add_disk(&spec, "c");
	add_disk(&spec, "d,id=y");
	check_ok("different", run_spec_finish(&spec, &err), &err);
	add_disk(&spec, "e,id=x");
	check_error("same", run_spec_finish(&spec, &err), &err, -EINVAL,
		    "--disk 'e,id=x': id=x is already the id of another disk");
	run_spec_done(&spec);
}

/* A disk without id= is called diskNN, a name that another may not take. */
static void test_default_disk_id(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	add_disk(&spec, "a,id=disk01");
	check_ok("one disk", run_spec_finish(&spec, &err), &err);
	add_disk(&spec, "b");
	check_error("two", run_spec_finish(&spec, &err), &err, -EINVAL,
		    "--disk 'b': id=disk01 is already the id of another disk");
	run_spec_done(&spec);
}

#define CLASH(arg, nic, bridge, mac)                                    \
	"--netdev '" arg "': NIC " nic " on '" bridge "' has the same " \
	"address " mac "; give each its own mac="

static const struct {
	const char *nics[3];
	const char *message; /* NULL: none */
} macs[] = {
	{ { "br0", "br0" }, NULL },
	{ { "br0,mac=", "br0,mac=" }, NULL },
	{ { "br0,mac=random", "br0,mac=random" }, NULL },
	{ { "br0,mac=auto", "br0,mac=auto" }, NULL },
	{ { "br0,mac=:05", "br1,mac=:05" }, NULL },
	{ { "br0,mac=:05", "user,mac=:05" }, NULL },
	{ { "user,mac=:05", "user,mac=:05" }, NULL },
	{ { "br0,mac=:05", "br0,mac=:05" },
	  CLASH("br0,mac=:05", "0", "br0", "52:54:00:12:34:05") },
	{ { "br0,mac=:0A", "br1", "br0,macaddr=52:54:00:12:34:0a" },
	  CLASH("br0,macaddr=52:54:00:12:34:0a", "0", "br0",
		"52:54:00:12:34:0a") },
	{ { "br1", "br0,mac=:02", "br0,mac=" },
	  CLASH("br0,mac=", "1", "br0", "52:54:00:12:34:02") },
};

static void test_macs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(macs); i++) {
		struct run_spec spec = RUN_SPEC_INIT;
		struct err err;

		for (size_t j = 0; j < 3 && macs[i].nics[j]; j++)
			add_nic(&spec, macs[i].nics[j]);
		int r = run_spec_finish(&spec, &err);
		if (macs[i].message)
			check_error(macs[i].nics[1], r, &err, -EINVAL,
				    macs[i].message);
		else
			check_ok(macs[i].nics[1], r, &err);
		run_spec_done(&spec);
	}
}

static void test_taps(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	add_nic(&spec, "br0,tap=web0,mac=:01");
	add_nic(&spec, "br0,mac=:02");
	add_nic(&spec, "br1,tap=web1,mac=:03");
	check_ok("two names", run_spec_finish(&spec, &err), &err);
	add_nic(&spec, "br1,tap=web0,mac=:04");
	check_error("one name twice", run_spec_finish(&spec, &err), &err,
		    -EINVAL,
		    "--netdev 'br1,tap=web0,mac=:04': tap=web0 is already the "
		    "tap of NIC 0");
	run_spec_done(&spec);
}

static const struct {
	const char *first;
	const char *second; /* NULL: one NIC */
	const char *message; /* NULL: both can be had */
} forwards[] = {
	{ "user,fwd=1:1,fwd=2:1,fwd=:1,fwd=:1", "user,fwd=3:1,fwd=:1", NULL },
	{ "user,fwd=80:80", "user,fwd=80:80/udp", NULL },
	{ "user,hostfwd=tcp::80-:80,hostfwd=tcp::80-:80", NULL, NULL },
	{ "user,fwd=80:80,fwd=80:81", NULL,
	  "--netdev 'user,fwd=80:80,fwd=80:81': port 80 of 127.0.0.1 is "
	  "forwarded twice; give each its own" },
	{ "user,fwd=80:80", "user,fwd=1:1,fwd=0.0.0.0:80:80",
	  "--netdev 'user,fwd=1:1,fwd=0.0.0.0:80:80': port 80 of 0.0.0.0 is "
	  "forwarded twice; give each its own" },
	{ "user,hostfwd=tcp::80-:80", "user,fwd=80:80",
	  "--netdev 'user,fwd=80:80': port 80 of 127.0.0.1 is forwarded "
	  "twice; give each its own" },
};

static void test_forwards(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forwards); i++) {
		struct run_spec spec = RUN_SPEC_INIT;
		struct err err;

		add_nic(&spec, forwards[i].first);
		if (forwards[i].second)
			add_nic(&spec, forwards[i].second);
		int r = run_spec_finish(&spec, &err);
		if (forwards[i].message)
			check_error(forwards[i].first, r, &err, -EINVAL,
				    forwards[i].message);
		else
			check_ok(forwards[i].first, r, &err);
		run_spec_done(&spec);
	}
}

/* What stands after `--` is read, and descriptors are found in disks, too. */
static void test_passthrough(void **state)
{
	struct run_spec spec = RUN_SPEC_INIT;
	struct err err;

	(void)state;
	strv_add(&spec.qemu_args, "-name");
	strv_add(&spec.qemu_args, "web");
	strv_add(&spec.qemu_args, "-add-fd");
	strv_add(&spec.qemu_args, "fd=5,set=1");
	add_disk(&spec, "/dev/fd/9,format=raw");
	check_ok("finish", run_spec_finish(&spec, &err), &err);
	assert_string_equal(spec.passthrough.guest_name, "web");
	assert_int_equal(spec.passthrough.fd_count, 2);
	assert_int_equal(spec.passthrough.fds[0], 5);
	assert_int_equal(spec.passthrough.fds[1], 9);
	run_spec_done(&spec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_accel),
		cmocka_unit_test(test_firmware),
		cmocka_unit_test(test_which_firmware),
		cmocka_unit_test(test_contradicting_firmware),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_disk_ids),
		cmocka_unit_test(test_default_disk_id),
		cmocka_unit_test(test_macs),
		cmocka_unit_test(test_taps),
		cmocka_unit_test(test_forwards),
		cmocka_unit_test(test_passthrough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
