/* SPDX-License-Identifier: Apache-2.0 */
/* How firmware is put into the machine, by what its descriptor says. */
#include "plan/firmware.h"

#include <errno.h>

#include "firmware_scene.h"

#define FLASH (64U << 20)
#define PFLASH "-drive if=pflash,format=raw,file="

/* What a descriptor may say, as QEMU's arguments. */
static void test_mappings(void **state)
{
	static const struct {
		const char *mapping, *want;
	} rows[] = {
		{ "\"device\": \"memory\", \"filename\": \"/c,1\"",
		  "-bios /c,1" },
		{ "\"device\": \"kernel\", \"filename\": \"/c,1\"",
		  "-kernel /c,1" },
		{ "\"device\": \"flash\", \"mode\": \"stateless\", "
		  "\"executable\": {\"filename\": \"/c,1\", "
		  "\"format\": \"raw\"}",
		  PFLASH "/c,,1,readonly=on" },
		{ "\"device\": \"flash\", \"mode\": \"combined\", "
		  "\"executable\": {\"filename\": \"/c,1\", "
		  "\"format\": \"raw\"}",
		  PFLASH "/dev/fd/3" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *text = xasprintf(
			"{\"interface-types\": [\"uefi\"], "
			"\"mapping\": {%s}, "
			"\"targets\": [{\"architecture\": \"x86_64\", "
			"\"machines\": [\"*\"]}]}",
			rows[i].mapping);
		struct scene s;

		scene_init(&s);
		scene_file(&s, "/c,1");
		scene_descriptor_text(&s, "1.json", text);
		s.spec.is_uefi = true;
		firmware_check_command(&s, "x86_64", rows[i].want);
		scene_done(&s);
	}
}

static void test_qcow2(void **state)
{
	static const char text[] =
		"{\"interface-types\": [\"uefi\"], \"mapping\": {"
		"\"device\": \"flash\", \"executable\": "
		"{\"filename\": \"/c\", \"format\": \"qcow2\"}, "
		"\"nvram-template\": "
		"{\"filename\": \"/v\", \"format\": \"qcow2\"}}, "
		"\"targets\": [{\"architecture\": \"aarch64\", "
		"\"machines\": [\"virt-*\"]}]}";
	struct scene s;

	(void)state;
	scene_init(&s);
	struct file_facts *code = scene_file(&s, "/c");
	code->format = IMAGE_QCOW2;
	code->virtual_size = FLASH;
	struct file_facts *vars = scene_file(&s, "/v");
	vars->format = IMAGE_QCOW2;
	vars->virtual_size = FLASH;
	scene_descriptor_text(&s, "1.json", text);
	s.spec.is_uefi = true;
	firmware_check_command(
		&s, "aarch64",
		"-drive if=pflash,format=qcow2,file=/c,readonly=on "
		"-drive if=pflash,format=qcow2,file=/dev/fd/3");
	assert_int_equal(s.plan.fds[0].size, 0);
	scene_done(&s);

	scene_init(&s);
	scene_file(&s, "/c");
	scene_file(&s, "/v");
	scene_descriptor_text(&s, "1.json", text);
	str_replace(&s.spec.firmware.file, "1.json");
	s.spec.is_uefi = true;
	firmware_check_refused(&s, "aarch64", -EINVAL,
			       "--firmware '1.json': /c is no qcow2 image");
}

/* The flash of ARM's machine is one size; a smaller image is filled up, in a
 * copy. */
static void test_filled_up(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_firmware(&s, "1.json", "aarch64", "virt-*", "/c", "/v", "");
	s.spec.is_uefi = true;
	firmware_check_command(&s, "aarch64",
			       PFLASH "/dev/fd/3,readonly=on " PFLASH
				      "/dev/fd/4");
	assert_string_equal(s.plan.fds[0].path, "/c");
	assert_int_equal(s.plan.fds[0].size, FLASH);
	assert_string_equal(s.plan.fds[1].path, "/v");
	assert_int_equal(s.plan.fds[1].size, FLASH);
	scene_done(&s);

	scene_init(&s);
	scene_firmware(&s, "1.json", "aarch64", "virt-*", "/c", "/v", "");
	scene_missing_file(&s, "store");
	firmware_want_nvram(&s, "store");
	firmware_check_command(&s, "aarch64",
			       PFLASH "/dev/fd/3,readonly=on " PFLASH "store");
	assert_int_equal(s.plan.files[0].size, FLASH);
	scene_done(&s);

	scene_init(&s);
	scene_file(&s, "b");
	str_replace(&s.spec.bios, "b");
	firmware_check_command(&s, "aarch64", PFLASH "/dev/fd/3,readonly=on");
	assert_int_equal(s.plan.fds[0].size, FLASH);
	scene_done(&s);
}

static void test_smm(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_firmware(&s, "1.json", "x86_64", "pc-q35-*", "/c", "/v",
		       "requires-smm secure-boot enrolled-keys");
	s.spec.is_uefi = true;
	s.spec.firmware.secure_boot = SECURE_BOOT_YES;
	firmware_check_command(
		&s, "x86_64",
		"-machine q35,smm=on -global driver=cfi.pflash01,"
		"property=secure,value=on " PFLASH "/c,readonly=on " PFLASH
		"/dev/fd/3");
	cleanup_free char *notes = scene_notes(&s);
	assert_string_equal(notes, "the machine is q35, because the firmware "
				   "'/c' requires SMM");
	scene_done(&s);

	scene_init(&s);
	scene_firmware(&s, "1.json", "x86_64", "pc-q35-*", "/c", "/v",
		       "requires-smm");
	s.spec.is_uefi = true;
	str_replace(&s.spec.passthrough.machine_type, "q35");
	firmware_check_command(&s, "x86_64",
			       "-machine smm=on " PFLASH
			       "/c,readonly=on " PFLASH "/dev/fd/3");
	assert_int_equal(s.plan.note_count, 0);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_qcow2),
		cmocka_unit_test(test_filled_up),
		cmocka_unit_test(test_smm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
