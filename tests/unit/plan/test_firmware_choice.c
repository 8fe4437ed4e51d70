/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_choice.h"

#include <errno.h>
#include <stdlib.h>

#include "firmware_scene.h"

#define ENROLLED "enrolled-keys requires-smm secure-boot"
#define SECURE "requires-smm secure-boot"

/* Debian's three descriptors of x86_64. */
static void install(struct scene *s)
{
	scene_init(s);
	scene_firmware(s, "40.json", "x86_64", "pc-q35-*", "/ms", "/ms-vars",
		       ENROLLED);
	scene_firmware(s, "50.json", "x86_64", "pc-q35-*", "/sb", "/vars",
		       SECURE);
	scene_firmware(s, "60.json", "x86_64", "pc-i440fx-* pc-q35-*", "/plain",
		       "/vars", "");
}

static struct file_facts *file(struct scene *s, const char *path)
{
	for (size_t i = 0; i < s->facts.file_count; i++)
		if (str_eq(s->facts.files[i].path, path))
			return &s->facts.files[i];
	fail_msg("no file '%s'", path);
	abort();
}

static void choose(struct scene *s, const char *arch,
		   struct firmware_choice *ret)
{
	const struct machine machine = machine_of(arch);

	firmware_choose(&s->spec, &s->facts, &machine,
			s->spec.nvram ? facts_file(&s->facts, s->spec.nvram)
				      : NULL,
			ret);
}

/* "CODE TYPE" with " changed" and " smm". */
static void check_choice(struct scene *s, const char *arch, const char *want)
{
	struct firmware_choice c;

	choose(s, arch, &c);
	cleanup_free char *got =
		xasprintf("%s %s%s%s", c.firmware ? c.firmware->code : "none",
			  c.machine_type ? c.machine_type : "-",
			  c.is_machine_changed ? " changed" : "",
			  c.needs_smm ? " smm" : "");
	check_text(want, got, want);
	firmware_choice_done(&c);
}

static void check_reason(struct scene *s, const char *arch, size_t i,
			 const char *want)
{
	struct firmware_choice c;

	choose(s, arch, &c);
	assert_true(i < c.list.count);
	check_text(want, c.list.items[i].reason, want);
	firmware_choice_done(&c);
}

static void check_refusal(struct scene *s, const char *arch, int code,
			  const char *message)
{
	const struct machine machine = machine_of(arch);
	const struct file_facts *store =
		s->spec.nvram ? facts_file(&s->facts, s->spec.nvram) : NULL;
	struct firmware_choice c;

	choose(s, arch, &c);
	assert_null(c.firmware);
	check_error(message,
		    firmware_refuse(&c, &s->spec, &machine, store, &s->err),
		    &s->err, code, message);
	firmware_choice_done(&c);
}

/* Nobody asked for Secure Boot, nor for another machine. */
static void test_plain(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	check_choice(&s, "x86_64", "/plain pc");
	check_reason(&s, "x86_64", 0,
		     "turns Secure Boot on, which takes --secure-boot yes");
	check_reason(&s, "x86_64", 1, "requires SMM, and others do not");
	check_reason(&s, "x86_64", 2, NULL);
	str_replace(&s.spec.passthrough.machine_type, "q35");
	check_choice(&s, "x86_64", "/plain q35");
	scene_done(&s);
}

/* SMM and its machine come where nothing else does. */
static void test_smm_only(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	file(&s, "/plain")->kind = FILE_MISSING;
	check_choice(&s, "x86_64", "/sb q35 changed smm");
	str_replace(&s.spec.passthrough.machine_type, "pc-q35-7.2");
	check_choice(&s, "x86_64", "/sb pc-q35-7.2 smm");
	str_replace(&s.spec.passthrough.machine_type, "pc");
	check_choice(&s, "x86_64", "none pc");
	check_reason(&s, "x86_64", 1, "is not for the machine pc");
	scene_done(&s);
}

static void test_secure_boot(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	s.spec.firmware.secure_boot = SECURE_BOOT_YES;
	check_choice(&s, "x86_64", "/ms q35 changed smm");
	check_reason(&s, "x86_64", 1, "has no keys for Secure Boot");
	check_reason(&s, "x86_64", 2, "has no Secure Boot");
	s.spec.firmware.secure_boot = SECURE_BOOT_NO;
	check_choice(&s, "x86_64", "/plain pc");
	check_reason(&s, "x86_64", 0, "turns Secure Boot on");
	file(&s, "/plain")->kind = FILE_MISSING;
	file(&s, "/sb")->kind = FILE_MISSING;
	check_choice(&s, "x86_64", "none pc");
	scene_done(&s);
}

/* SMM is a thing of PCs. */
static void test_secure_boot_elsewhere(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_firmware(&s, "40.json", "aarch64", "virt-*", "/ms", "/ms-vars",
		       "enrolled-keys secure-boot");
	scene_firmware(&s, "60.json", "aarch64", "virt-*", "/plain", "/vars",
		       "");
	check_choice(&s, "aarch64", "/plain virt");
	s.spec.firmware.secure_boot = SECURE_BOOT_YES;
	check_choice(&s, "aarch64", "/ms virt");
	scene_done(&s);
}

static void test_features(void **state)
{
	static const struct {
		const char *features, *want;
	} rows[] = {
		{ "secure-boot", "/ms q35 changed smm" },
		{ "enrolled-keys", "/ms q35 changed smm" },
		{ "secure-boot,~enrolled-keys", "/sb q35 changed smm" },
		{ "requires-smm", "/sb q35 changed smm" },
		{ "~requires-smm", "/plain pc" },
		{ "amd-sev", "none pc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene s;

		install(&s);
		check_ok(rows[i].features,
			 firmware_spec_add_features(&s.spec.firmware,
						    rows[i].features, &s.err),
			 &s.err);
		check_choice(&s, "x86_64", rows[i].want);
		scene_done(&s);
	}
}

/* Whoever names the firmware means all of it. */
static void test_named(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	str_replace(&s.spec.firmware.file, "/ms");
	check_choice(&s, "x86_64", "/ms q35 changed smm");
	s.spec.firmware.secure_boot = SECURE_BOOT_NO;
	check_refusal(&s, "x86_64", -EINVAL,
		      "--firmware '/ms': turns Secure Boot on");
	s.spec.firmware.secure_boot = SECURE_BOOT_AUTO;
	str_replace(&s.spec.firmware.file, "/my.fd");
	check_refusal(&s, "x86_64", -EINVAL,
		      "--firmware '/my.fd': /my.fd is missing");
	scene_done(&s);
}

static void test_reasons(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	file(&s, "/plain")->error = EACCES;
	check_reason(&s, "x86_64", 2,
		     "/plain cannot be read: Permission denied");
	file(&s, "/plain")->kind = FILE_DIRECTORY;
	check_reason(&s, "x86_64", 2, "/plain is not a regular file");
	file(&s, "/vars")->kind = FILE_MISSING;
	file(&s, "/plain")->kind = FILE_REGULAR;
	file(&s, "/plain")->error = 0;
	check_reason(&s, "x86_64", 2, "/vars is missing");
	check_reason(&s, "aarch64", 2, "is for x86_64");
	scene_done(&s);

	scene_init(&s);
	scene_firmware(&s, "60.json", "aarch64", "virt-*", "/big", "/v", "");
	file(&s, "/big")->size = (64 << 20) + 1;
	check_reason(&s, "aarch64", 0,
		     "/big has 67108865 bytes, and the flash of virt "
		     "67108864");
	scene_done(&s);

	scene_init(&s);
	scene_firmware(&s, "60.json", "x86_64", "pc-i440fx-*", "/c", "/v",
		       "host-uefi-vars");
	check_reason(&s, "x86_64", 0,
		     "leaves its variables to a device of QEMU's");
	scene_done(&s);
}

static void test_no_uefi(void **state)
{
	static const char text[] =
		"{\"interface-types\": [\"bios\"], "
		"\"mapping\": {\"device\": \"kernel\", \"filename\": \"/k\"}, "
		"\"targets\": [{\"architecture\": \"x86_64\", "
		"\"machines\": [\"pc-*\"]}]}";
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_file(&s, "/k");
	scene_descriptor_text(&s, "10.json", text);
	check_reason(&s, "x86_64", 0, "is no UEFI, but bios");
	str_replace(&s.spec.firmware.file, "10.json");
	check_choice(&s, "x86_64", "/k pc");
	s.spec.passthrough.has_kernel = true;
	check_reason(&s, "x86_64", 0,
		     "is started as a kernel, and -kernel is given");
	s.spec.passthrough.has_kernel = false;
	str_replace(&s.spec.kernel.file, "vmlinuz");
	check_reason(&s, "x86_64", 0,
		     "is started as a kernel, and --kernel is given");
	str_replace(&s.spec.kernel.file, NULL);
	str_replace(&s.spec.nvram, "store");
	check_reason(&s, "x86_64", 0, "has no template of variables to keep");
	scene_done(&s);
}

/* A store goes with what it was made for. */
static void test_store(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	struct file_facts *store = scene_file(&s, "store");
	str_replace(&s.spec.nvram, "store");
	store->size = VARS_SIZE;
	check_choice(&s, "x86_64", "/plain pc");
	store->nvram_template = xstrdup("/vars");
	check_choice(&s, "x86_64", "/plain pc");
	str_replace(&store->nvram_template, "/ms-vars");
	check_choice(&s, "x86_64", "/ms q35 changed smm");
	/* Not known any more: then its size must do. */
	str_replace(&store->nvram_template, "/gone");
	check_choice(&s, "x86_64", "/plain pc");
	scene_done(&s);
}

static void test_store_refused(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	struct file_facts *store = scene_file(&s, "store");
	str_replace(&s.spec.nvram, "store");
	store->size = VARS_SIZE;
	store->nvram_template = xstrdup("/vars");
	s.spec.firmware.secure_boot = SECURE_BOOT_YES;
	check_refusal(&s, "x86_64", -EINVAL,
		      "--uefi-nvram 'store' was made from '/vars', which goes "
		      "with no firmware that was asked for; name a file that "
		      "does not exist to start with fresh variables");
	s.spec.firmware.secure_boot = SECURE_BOOT_AUTO;
	store->size = 7;
	check_refusal(&s, "x86_64", -EINVAL,
		      "--uefi-nvram 'store': its 7 bytes fit none of the UEFI "
		      "firmware installed for x86_64; name a file that does "
		      "not exist to start with fresh variables");
	scene_done(&s);
}

/* The header of a store is its guest's to write: of one that is not known it
 * must be the template's format, of one that is known it means nothing. */
static void test_store_header(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	struct file_facts *store = scene_file(&s, "store");
	str_replace(&s.spec.nvram, "store");
	store->size = VARS_SIZE;
	store->format = IMAGE_QCOW2;
	store->virtual_size = VARS_SIZE;
	check_choice(&s, "x86_64", "none pc");
	store->nvram_template = xstrdup("/vars");
	check_choice(&s, "x86_64", "/plain pc");
	scene_done(&s);
}

static void test_refusals(void **state)
{
	struct scene s;

	(void)state;
	install(&s);
	s.spec.firmware.secure_boot = SECURE_BOOT_YES;
	str_replace(&s.spec.passthrough.machine_type, "pc");
	check_refusal(&s, "x86_64", -ENOENT,
		      "no UEFI firmware that was asked for is installed for "
		      "x86_64; the nearest is 40.json: is not for the machine "
		      "pc ('xkvm firmware list' shows all)");
	check_refusal(&s, "riscv64", -ENOENT,
		      "no UEFI firmware for riscv64 is installed; its package "
		      "is qemu-efi-riscv64 (Debian, Ubuntu) or edk2-riscv64 "
		      "(Fedora)");
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_smm_only),
		cmocka_unit_test(test_secure_boot),
		cmocka_unit_test(test_secure_boot_elsewhere),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_no_uefi),
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_store_refused),
		cmocka_unit_test(test_store_header),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
