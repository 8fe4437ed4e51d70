/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_fit.h"

#include <errno.h>

#include "scene.h"

#define MIB (UINT64_C(1) << 20)

static void test_machine_type(void **state)
{
	static const struct {
		const char *arch, *given, *want;
	} rows[] = {
		{ "x86_64", NULL, "pc" },
		{ "i386", NULL, "pc" },
		{ "aarch64", NULL, "virt" },
		{ "ppc64", NULL, "pseries" },
		{ "s390x", NULL, NULL },
		{ "x86_64", "q35", "q35" },
		{ "s390x", "s390-ccw-virtio-7.2", "s390-ccw-virtio-7.2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct machine machine = machine_of(rows[i].arch);
		struct scene s;

		scene_init(&s);
		str_replace(&s.spec.passthrough.machine_type, rows[i].given);
		cleanup_free char *type =
			firmware_machine_type(&s.spec, &machine);
		check_text(rows[i].arch, type, rows[i].want);
		check_number(rows[i].arch, firmware_machine_is_given(&s.spec),
			     rows[i].given != NULL);
		scene_done(&s);
	}
}

static void test_patterns(void **state)
{
	static const struct {
		const char *pattern, *type;
		bool matches;
	} rows[] = {
		{ "pc-q35-*", "q35", true },
		{ "pc-q35-*", "pc-q35-7.2", true },
		{ "pc-q35-*", "pc", false },
		{ "pc-q35-*", "pc-i440fx-7.2", false },
		{ "pc-i440fx-*", "pc", true },
		{ "pc-i440fx-*", "q35", false },
		{ "pc-i440fx-2.12", "pc", false },
		{ "pc-i440fx-2.12", "pc-i440fx-2.12", true },
		{ "virt-*", "virt", true },
		{ "virt-*", "virt-7.2", true },
		{ "virt", "virt", true },
		{ "virt*", "virt", true },
		{ "virt-*", "virtual", false },
		{ "sbsa-ref", "sbsa-ref", true },
		{ "microvm", "pc", false },
		{ "*", "anything", true },
		{ "", "pc", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_number(rows[i].pattern,
			     firmware_machine_matches(rows[i].pattern,
						      rows[i].type),
			     rows[i].matches);
}

static void test_flash_size(void **state)
{
	static const struct {
		const char *arch, *type;
		uint64_t want;
	} rows[] = {
		{ "aarch64", "virt", 64 * MIB },
		{ "aarch64", "virt-7.2", 64 * MIB },
		{ "aarch64", "sbsa-ref", 0 },
		{ "aarch64", NULL, 0 },
		{ "arm", "virt", 64 * MIB },
		{ "riscv64", "virt", 32 * MIB },
		{ "x86_64", "pc", 0 },
		{ "loongarch64", "virt", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_number(rows[i].arch,
			     (long long)firmware_flash_size(rows[i].arch,
							    rows[i].type),
			     (long long)rows[i].want);
}

static void test_file_size(void **state)
{
	const struct file_facts file = { .size = 200, .virtual_size = 4096 };

	(void)state;
	assert_int_equal(firmware_file_size(&file, "raw"), 200);
	assert_int_equal(firmware_file_size(&file, "qcow2"), 4096);
}

static void test_bios(void **state)
{
	static const struct {
		const char *arch, *type;
		uint64_t size;
		const char *message;
	} rows[] = {
		{ "x86_64", "pc", 131072, NULL },
		{ "x86_64", "pc", 4096, NULL },
		{ "x86_64", "q35", 8 * MIB, NULL },
		{ "aarch64", "virt", 2 * MIB, NULL },
		{ "aarch64", "virt", 64 * MIB, NULL },
		{ "s390x", NULL, 77, NULL },
		{ "s390x", NULL, 0, "--bios 'b' is empty" },
		{ "x86_64", "pc", 4097,
		  "--bios 'b' has 4097 bytes; the flash of a PC is a multiple "
		  "of 4096, and 8388608 at most" },
		{ "i386", "q35", 8 * MIB + 4096,
		  "--bios 'b' has 8392704 bytes; the flash of a PC is a "
		  "multiple of 4096, and 8388608 at most" },
		{ "aarch64", "virt", 64 * MIB + 1,
		  "--bios 'b' has 67108865 bytes; the flash of the machine "
		  "virt has 67108864" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct file_facts file = { .path = (char *)"b",
						 .size = rows[i].size };
		struct err err;
		int r = firmware_check_bios(&file, rows[i].arch, rows[i].type,
					    &err);

		if (rows[i].message)
			check_error(rows[i].arch, r, &err, -EINVAL,
				    rows[i].message);
		else
			check_ok(rows[i].arch, r, &err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machine_type),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_flash_size),
		cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_bios),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
