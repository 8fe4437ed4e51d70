/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_descriptor.h"

#include <errno.h>
#include <stdio.h>

#include "check.h"

#define INTERFACES "\"interface-types\": [\"uefi\", \"bios\"]"
#define TARGETS                                                 \
	"\"targets\": [{\"architecture\": \"x86_64\", "         \
	"\"machines\": [\"pc-q35-*\", \"pc-i440fx-*\"]}, "      \
	"{\"architecture\": \"i386\", \"machines\": [\"q35\"]}" \
	"]"
#define CODE "\"executable\": {\"filename\": \"/c.fd\", \"format\": \"raw\"}"
#define VARS "\"nvram-template\": {\"filename\": \"/v\", \"format\": \"qcow2\"}"
#define SPLIT "\"mapping\": {\"device\": \"flash\", " CODE ", " VARS "}"
#define FLASH(mode) \
	"\"mapping\": {\"device\": \"flash\", \"mode\": \"" mode "\", " CODE "}"
#define REST INTERFACES ", " TARGETS

static int parse(const char *text, struct firmware *ret, struct err *err)
{
	return firmware_parse("/etc/50-x.json", text, ret, err);
}

static void test_all_members(void **state)
{
	static const char text[] =
		"{\"description\": \"OVMF\", " REST ", " SPLIT ", "
		"\"features\": [\"secure-boot\", \"of-tomorrow\", 7], "
		"\"tags\": [\"x\"], \"more\": {}}";
	struct firmware f;
	struct err err;

	(void)state;
	check_ok(text, parse(text, &f, &err), &err);
	assert_string_equal(f.source, "/etc/50-x.json");
	assert_string_equal(f.description, "OVMF");
	assert_int_equal(f.interfaces.count, 2);
	assert_string_equal(f.interfaces.items[1], "bios");
	assert_int_equal(f.mapping, FIRMWARE_SPLIT);
	assert_string_equal(f.code, "/c.fd");
	assert_string_equal(f.code_format, "raw");
	assert_string_equal(f.vars, "/v");
	assert_string_equal(f.vars_format, "qcow2");
	assert_int_equal(f.target_count, 2);
	assert_string_equal(f.targets[0].arch, "x86_64");
	assert_string_equal(f.targets[0].machines.items[1], "pc-i440fx-*");
	assert_string_equal(f.targets[1].machines.items[0], "q35");
	assert_int_equal(f.features.count, 2);
	assert_true(strv_has(&f.features, "of-tomorrow"));
	firmware_done(&f);
}

/* Each way to load it, and what a guest's own variables are copied from. */
static void test_mappings(void **state)
{
	static const struct {
		const char *mapping;
		enum firmware_mapping want;
		const char *name, *code, *template, *format;
	} rows[] = {
		{ SPLIT, FIRMWARE_SPLIT, "flash", "/c.fd", "/v", "qcow2" },
		{ "\"mapping\": {\"device\": \"flash\", \"mode\": \"split\", " CODE
		  ", " VARS "}",
		  FIRMWARE_SPLIT, "flash", "/c.fd", "/v", "qcow2" },
		{ FLASH("combined"), FIRMWARE_COMBINED, "flash, combined",
		  "/c.fd", "/c.fd", "raw" },
		{ FLASH("stateless"), FIRMWARE_STATELESS, "flash, stateless",
		  "/c.fd", NULL, NULL },
		{ "\"mapping\": {\"device\": \"memory\", "
		  "\"filename\": \"/m\"}",
		  FIRMWARE_MEMORY, "memory", "/m", NULL, NULL },
		{ "\"mapping\": {\"device\": \"kernel\", "
		  "\"filename\": \"/k\"}",
		  FIRMWARE_KERNEL, "kernel", "/k", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free char *text =
			xasprintf("{" REST ", %s}", rows[i].mapping);
		struct firmware f;
		struct err err;

		check_ok(text, parse(text, &f, &err), &err);
		check_number(text, f.mapping, rows[i].want);
		check_text(text, firmware_mapping_name(f.mapping),
			   rows[i].name);
		check_text(text, f.code, rows[i].code);
		check_text(text, firmware_template(&f), rows[i].template);
		check_text(text, firmware_template_format(&f), rows[i].format);
		check_text(text, f.description, "");
		assert_int_equal(f.features.count, 0);
		firmware_done(&f);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "", "line 1 is not JSON: '[' or '{' expected near end of "
		      "file" },
		{ "{\n\"a\"}", "line 2 is not JSON: ':' expected near '}'" },
		{ "[]", "\"interface-types\" is missing or empty" },
		{ "{" TARGETS ", " SPLIT "}",
		  "\"interface-types\" is missing or empty" },
		{ "{\"interface-types\": [7]}",
		  "\"interface-types\" is no list of strings" },
		{ "{" REST "}", "it has no mapping" },
		{ "{" REST ", \"mapping\": {\"device\": \"tape\"}}",
		  "unknown device 'tape'" },
		{ "{" REST ", " FLASH("torn") "}",
		  "unknown flash mode 'torn'" },
		{ "{" REST ", " FLASH("split") "}",
		  "the mapping has no \"nvram-template\"" },
		{ "{" REST ", \"mapping\": {\"device\": \"flash\"}}",
		  "the mapping has no \"executable\"" },
		{ "{" REST ", \"mapping\": {\"device\": \"flash\", "
		  "\"executable\": {\"filename\": \"c\"}}}",
		  "a \"filename\" is missing or not absolute" },
		{ "{" REST ", \"mapping\": {\"device\": \"flash\", "
		  "\"executable\": {\"filename\": \"/c\", "
		  "\"format\": \"vmdk\"}}}",
		  "the format of \"executable\" is neither raw nor qcow2" },
		{ "{" REST ", \"mapping\": {\"device\": \"memory\"}}",
		  "a \"filename\" is missing or not absolute" },
		{ "{" INTERFACES ", " SPLIT "}",
		  "\"targets\" is missing or empty" },
		{ "{" INTERFACES ", " SPLIT ", \"targets\": [{}]}",
		  "a target has no \"architecture\"" },
		{ "{" INTERFACES ", " SPLIT
		  ", \"targets\": [{\"architecture\": \"arm\"}]}",
		  "\"machines\" is missing or empty" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct firmware f;
		struct err err;

		check_error(rows[i].text, parse(rows[i].text, &f, &err), &err,
			    -EPROTO, rows[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_members),
		cmocka_unit_test(test_mappings),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
