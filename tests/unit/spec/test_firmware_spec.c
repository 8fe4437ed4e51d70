/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/firmware_spec.h"

#include <errno.h>

#include "base/strbuf.h"
#include "check.h"

static void test_secure_boot(void **state)
{
	enum secure_boot choice = SECURE_BOOT_NO;
	struct err err;

	(void)state;
	check_ok("auto", secure_boot_parse("auto", &choice, &err), &err);
	assert_int_equal(choice, SECURE_BOOT_AUTO);
	check_ok("yes", secure_boot_parse("yes", &choice, &err), &err);
	assert_int_equal(choice, SECURE_BOOT_YES);
	check_ok("no", secure_boot_parse("no", &choice, &err), &err);
	assert_int_equal(choice, SECURE_BOOT_NO);
	check_error("on", secure_boot_parse("on", &choice, &err), &err, -EINVAL,
		    "unknown choice 'on'; use auto, yes or no");
	assert_int_equal(choice, SECURE_BOOT_NO);
}

/* "a b ~c". Owned by the caller. */
static char *features_text(const struct firmware_spec *spec)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < spec->wanted.count; i++)
		strbuf_addf(&sb, "%s ", spec->wanted.items[i]);
	for (size_t i = 0; i < spec->unwanted.count; i++)
		strbuf_addf(&sb, "~%s ", spec->unwanted.items[i]);
	return strbuf_detach(&sb);
}

static void test_features(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "secure-boot", "secure-boot " },
		{ "~enrolled-keys", "~enrolled-keys " },
		{ "secure-boot,~enrolled-keys,acpi-s3",
		  "secure-boot acpi-s3 ~enrolled-keys " },
		{ "secure-boot,secure-boot", "secure-boot " },
		{ "amd-sev,", "amd-sev " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct firmware_spec spec = { 0 };
		struct err err;

		check_ok(rows[i].text,
			 firmware_spec_add_features(&spec, rows[i].text, &err),
			 &err);
		cleanup_free char *got = features_text(&spec);
		check_text(rows[i].text, got, rows[i].want);
		firmware_spec_done(&spec);
	}
}

static void test_bad_features(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "secureboot", "unknown feature 'secureboot', did you mean "
				"'secure-boot'?" },
		{ "x", "unknown feature 'x'" },
		{ "~", "unknown feature ''" },
		{ "acpi-s3,,acpi-s4", "unknown feature ''" },
		{ "secure-boot,~secure-boot",
		  "'secure-boot' and '~secure-boot' exclude each other" },
		{ "~acpi-s3,acpi-s3",
		  "'acpi-s3' and '~acpi-s3' exclude each other" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct firmware_spec spec = { 0 };
		struct err err;

		check_error(rows[i].text,
			    firmware_spec_add_features(&spec, rows[i].text,
						       &err),
			    &err, -EINVAL, rows[i].message);
		firmware_spec_done(&spec);
	}
}

static void test_descriptor(void **state)
{
	static const struct {
		const char *file;
		bool is_descriptor;
	} rows[] = {
		{ NULL, false },
		{ "OVMF_CODE.fd", false },
		{ "60-x.json", true },
		{ "/etc/qemu/firmware/60.x.json", true },
		{ "x.json/OVMF.fd", false },
		{ "json", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct firmware_spec spec = {
			.file = (char *)rows[i].file,
		};

		check_number(rows[i].file ? rows[i].file : "none",
			     firmware_spec_has_descriptor(&spec),
			     rows[i].is_descriptor);
	}
}

/* What --secure-boot says and what --firmware-features says. */
static void test_contradictions(void **state)
{
	static const struct {
		enum secure_boot choice;
		const char *features, *message;
	} rows[] = {
		{ SECURE_BOOT_AUTO, "secure-boot,enrolled-keys", NULL },
		{ SECURE_BOOT_AUTO, "~secure-boot,~enrolled-keys", NULL },
		{ SECURE_BOOT_NO, "secure-boot", NULL },
		{ SECURE_BOOT_NO, "enrolled-keys",
		  "--secure-boot no and --firmware-features enrolled-keys "
		  "exclude each other" },
		{ SECURE_BOOT_YES, "enrolled-keys,~acpi-s3", NULL },
		{ SECURE_BOOT_YES, "~acpi-s3,~enrolled-keys",
		  "--secure-boot yes and --firmware-features ~enrolled-keys "
		  "exclude each other" },
		{ SECURE_BOOT_YES, "~secure-boot",
		  "--secure-boot yes and --firmware-features ~secure-boot "
		  "exclude each other" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct firmware_spec spec = { .secure_boot = rows[i].choice };
		const char *features = rows[i].features;
		struct err err;

		check_ok(features,
			 firmware_spec_add_features(&spec, features, &err),
			 &err);
		int r = firmware_spec_check(&spec, &err);
		if (rows[i].message)
			check_error(features, r, &err, -EINVAL,
				    rows[i].message);
		else
			check_ok(features, r, &err);
		firmware_spec_done(&spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secure_boot),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_bad_features),
		cmocka_unit_test(test_descriptor),
		cmocka_unit_test(test_contradictions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
