/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware.h"

#include <errno.h>
#include <stdlib.h>

#include "firmware_scene.h"

#define OVMF "/usr/share/OVMF/"
#define FLASH (64U << 20)
#define PFLASH "-drive if=pflash,format=raw,file="
#define CODE_4M PFLASH OVMF "OVMF_CODE_4M.fd,readonly=on "
#define CODE_2M PFLASH OVMF "OVMF_CODE.fd,readonly=on "

/* Debian with both sizes of OVMF, or what a test leaves of it. */
static void install(struct scene *s)
{
	scene_init(s);
	scene_file(s, OVMF "OVMF_CODE_4M.fd")->size = 3653632;
	scene_file(s, OVMF "OVMF_VARS_4M.fd")->size = 540672;
	scene_file(s, OVMF "OVMF_CODE.fd")->size = 1966080;
	scene_file(s, OVMF "OVMF_VARS.fd")->size = 131072;
}

static struct file_facts *file(struct scene *s, const char *path)
{
	for (size_t i = 0; i < s->facts.file_count; i++)
		if (str_eq(s->facts.files[i].path, path))
			return &s->facts.files[i];
	fail_msg("no file '%s'", path);
	abort();
}

static void test_none(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	firmware_check_command(&s, "x86_64", "");
	scene_done(&s);
}

/* The system's store of variables is never attached: a copy of it is. */
static void test_private_copy(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	s.spec.is_uefi = true;
	firmware_check_command(&s, "x86_64", CODE_4M PFLASH "/dev/fd/3");
	assert_int_equal(s.plan.fd_count, 1);
	assert_int_equal(s.plan.fds[0].kind, PLAN_FD_NVRAM);
	assert_string_equal(s.plan.fds[0].path, OVMF "OVMF_VARS_4M.fd");
	assert_int_equal(s.plan.file_count, 0);
	scene_done(&s);
}

/* Code and variables are a pair: without its other half none is taken. */
static void test_pairs(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	s.spec.is_uefi = true;
	file(&s, OVMF "OVMF_VARS_4M.fd")->kind = FILE_MISSING;
	firmware_check_command(&s, "x86_64", CODE_2M PFLASH "/dev/fd/3");
	scene_done(&s);

	install(&s);
	s.spec.is_uefi = true;
	file(&s, OVMF "OVMF_CODE_4M.fd")->error = EACCES;
	firmware_check_command(&s, "x86_64", CODE_2M PFLASH "/dev/fd/3");
	scene_done(&s);
}

/* A file of the user's that exists decides the pair by its size. */
static void test_nvram_size(void **state)
{
	static const struct {
		uint64_t size;
		const char *command;
	} rows[] = {
		{ 540672, CODE_4M PFLASH "my.fd" },
		{ 131072, CODE_2M PFLASH "my.fd" },
	};
	struct scene s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		install(&s);
		scene_file(&s, "my.fd")->size = rows[i].size;
		firmware_want_nvram(&s, "my.fd");
		firmware_check_command(&s, "x86_64", rows[i].command);
		assert_int_equal(s.plan.file_count, 0);
		assert_int_equal(s.plan.fd_count, 1);
		assert_int_equal(s.plan.fds[0].kind, PLAN_FD_LOCK);
		assert_string_equal(s.plan.fds[0].path, "my.fd");
		assert_false(s.plan.fds[0].is_shared);
		scene_done(&s);
	}
	install(&s);
	scene_file(&s, "my.fd")->size = 7;
	firmware_want_nvram(&s, "my.fd");
	firmware_check_refused(
		&s, "x86_64", -EINVAL,
		"--uefi-nvram 'my.fd': its 7 bytes fit none of the UEFI "
		"firmware installed for x86_64; name a file that does "
		"not exist to start with fresh variables");
}

static void test_nvram_created(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	scene_missing_file(&s, "new,1.fd");
	firmware_want_nvram(&s, "new,1.fd");
	firmware_check_command(&s, "x86_64", CODE_4M PFLASH "new,,1.fd");
	assert_int_equal(s.plan.file_count, 1);
	assert_int_equal(s.plan.files[0].kind, PLAN_FILE_CREATE_NVRAM);
	assert_string_equal(s.plan.files[0].path, "new,1.fd");
	assert_string_equal(s.plan.files[0].source, OVMF "OVMF_VARS_4M.fd");
	scene_done(&s);
}

static void test_nvram_readonly(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	struct file_facts *nvram = scene_file(&s, "my.fd");
	nvram->size = 540672;
	nvram->can_write = false;
	firmware_want_nvram(&s, "my.fd");
	firmware_check_command(&s, "x86_64",
			       CODE_4M PFLASH "my.fd,readonly=on");
	assert_true(s.plan.fds[0].is_shared);
	cleanup_free char *notes = scene_notes(&s);
	assert_string_equal(notes,
			    "--uefi-nvram 'my.fd' cannot be written; what the "
			    "guest changes in it is lost");
	scene_done(&s);
}

static void test_nvram_refused(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	scene_file(&s, "dir")->kind = FILE_DIRECTORY;
	firmware_want_nvram(&s, "dir");
	firmware_check_refused(&s, "x86_64", -EINVAL,
			       "--uefi-nvram 'dir' is not a regular file");
	install(&s);
	scene_file(&s, "my.fd")->error = EACCES;
	firmware_want_nvram(&s, "my.fd");
	firmware_check_refused(
		&s, "x86_64", -EINVAL,
		"--uefi-nvram 'my.fd' cannot be read: Permission denied");
}

static void test_bios(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	scene_file(&s, "b,1.fd");
	str_replace(&s.spec.bios, "b,1.fd");
	firmware_check_command(&s, "x86_64", PFLASH "b,,1.fd,readonly=on");
	scene_done(&s);

	install(&s);
	scene_missing_file(&s, "b");
	str_replace(&s.spec.bios, "b");
	firmware_check_refused(&s, "x86_64", -EINVAL,
			       "--bios 'b': no such file");
	install(&s);
	scene_file(&s, "b")->kind = FILE_FIFO;
	str_replace(&s.spec.bios, "b");
	firmware_check_refused(&s, "x86_64", -EINVAL,
			       "--bios 'b' is not a regular file");
	install(&s);
	scene_file(&s, "b")->error = EIO;
	str_replace(&s.spec.bios, "b");
	firmware_check_refused(&s, "x86_64", -EINVAL,
			       "--bios 'b' cannot be read: Input/output error");
}

/* Of a board without flash, for which a name is no option string. */
static void test_bios_by_option(void **state)
{
	static const char *const arches[] = { "ppc64", "s390x", "loongarch64" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		struct scene s;

		install(&s);
		scene_file(&s, "b,1.fd");
		str_replace(&s.spec.bios, "b,1.fd");
		firmware_check_command(&s, arches[i], "-bios b,1.fd");
		scene_done(&s);
	}
}

/* The architecture that boots no other way has UEFI without being asked, and
 * not where another firmware is given. */
static void test_default(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_file(&s, "/usr/share/AAVMF/AAVMF_CODE.fd")->size = FLASH;
	scene_file(&s, "/usr/share/AAVMF/AAVMF_VARS.fd")->size = FLASH;
	firmware_check_command(
		&s, "aarch64",
		PFLASH "/usr/share/AAVMF/AAVMF_CODE.fd,readonly=on " PFLASH
		       "/dev/fd/3");
	scene_done(&s);
	scene_init(&s);
	scene_file(&s, "b")->size = FLASH;
	str_replace(&s.spec.bios, "b");
	firmware_check_command(&s, "aarch64", PFLASH "b,readonly=on");
	scene_done(&s);
}

/* Old releases had code and variables in one file. */
static void test_one_file(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_file(&s, "/usr/share/ovmf/OVMF.fd");
	s.spec.is_uefi = true;
	firmware_check_command(&s, "x86_64", PFLASH "/dev/fd/3");
	assert_string_equal(s.plan.fds[0].path, "/usr/share/ovmf/OVMF.fd");
	scene_done(&s);
}

/* An image that nothing is known of is code, beside a store that is there. */
static void test_image(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	scene_file(&s, "my.fd");
	scene_missing_file(&s, "store");
	str_replace(&s.spec.firmware.file, "my.fd");
	s.spec.is_uefi = true;
	firmware_check_command(&s, "x86_64", PFLASH "my.fd,readonly=on");
	plan_done(&s.plan);
	file(&s, "store")->kind = FILE_REGULAR;
	file(&s, "store")->can_write = true;
	firmware_want_nvram(&s, "store");
	firmware_check_command(&s, "x86_64",
			       PFLASH "my.fd,readonly=on " PFLASH "store");
	file(&s, "store")->kind = FILE_MISSING;
	plan_done(&s.plan);
	firmware_check_refused(
		&s, "x86_64", -EINVAL,
		"--firmware 'my.fd': has no template of variables to "
		"keep");
}

/* Beside the first disk that the guest changes. */
static void test_store_beside_disk(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	scene_disk(&s, "cd.iso,media=cdrom");
	scene_disk(&s, "d.img");
	scene_file(&s, "d.img");
	scene_missing_file(&s, "d.img.nvram");
	firmware_want_nvram(&s, "auto");
	firmware_check_command(&s, "x86_64", CODE_4M PFLASH "d.img.nvram");
	assert_string_equal(s.plan.files[0].path, "d.img.nvram");
	plan_done(&s.plan);
	file(&s, "d.img")->kind = FILE_BLOCK;
	firmware_check_refused(
		&s, "x86_64", -EINVAL,
		"--uefi-nvram auto: the disk 'd.img' is a device; name "
		"the file for the variables");
	install(&s);
	scene_disk(&s, "cd.iso,media=cdrom");
	firmware_want_nvram(&s, "auto");
	firmware_check_refused(
		&s, "x86_64", -EINVAL,
		"--uefi-nvram auto needs a disk that the guest can "
		"write, to keep the variables beside");
}

static void test_missing(void **state)
{
	static const struct {
		const char *arch, *message;
	} rows[] = {
		{ "x86_64", "no UEFI firmware for x86_64 is installed; its "
			    "package is ovmf (Debian, Ubuntu), edk2-ovmf "
			    "(Fedora, Arch) or qemu-ovmf-x86_64 (SUSE)" },
		{ "i386", "no UEFI firmware for i386 is installed; its "
			  "package is ovmf-ia32 (Debian), edk2-ovmf-ia32 "
			  "(Fedora) or edk2-ovmf (Arch)" },
		{ "aarch64", "no UEFI firmware for aarch64 is installed; its "
			     "package is qemu-efi-aarch64 (Debian, Ubuntu), "
			     "edk2-aarch64 (Fedora, Arch) or "
			     "qemu-uefi-aarch64 (SUSE)" },
		{ "s390x", "no UEFI firmware is known for s390x, which boots "
			   "without; another is given with --bios" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		scene_init(&s);
		s.spec.is_uefi = true;
		firmware_check_refused(&s, rows[i].arch, -ENOENT,
				       rows[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_private_copy),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_nvram_size),
		cmocka_unit_test(test_nvram_created),
		cmocka_unit_test(test_nvram_readonly),
		cmocka_unit_test(test_nvram_refused),
		cmocka_unit_test(test_bios),
		cmocka_unit_test(test_bios_by_option),
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_one_file),
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_store_beside_disk),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
