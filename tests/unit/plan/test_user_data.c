/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/user_data.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *text;
	enum user_data_kind kind;
} kinds[] = {
	{ "", USER_DATA_NOTHING },
	{ " \r\n\t", USER_DATA_NOTHING },
	{ "#cloud-config", USER_DATA_CONFIG },
	{ "#cloud-config\r\na: b\r\n", USER_DATA_CONFIG },
	{ "\n\n#cloud-config\n", USER_DATA_CONFIG },
	{ "#Cloud-Config\n", USER_DATA_CONFIG },
	{ "#cloud-config-archive\n", USER_DATA_CONFIG_ARCHIVE },
	{ "#cloud-config-jsonp\n", USER_DATA_CONFIG_PATCH },
	{ "# cloud-config\n", USER_DATA_UNKNOWN },
	{ "\xef\xbb\xbf#cloud-config\n", USER_DATA_UNKNOWN },
	{ "packages: [hello]\n", USER_DATA_UNKNOWN },
	{ "#!/bin/sh\n", USER_DATA_SCRIPT },
	{ "#include\nhttp://x/\n", USER_DATA_INCLUDE },
	{ "#include-once\n", USER_DATA_INCLUDE_ONCE },
	{ "#include http://x/\n", USER_DATA_INCLUDE },
	{ "#cloud-boothook\n", USER_DATA_BOOTHOOK },
	{ "#part-handler\n", USER_DATA_PART_HANDLER },
	{ "## template: jinja\n#cloud-config\n", USER_DATA_TEMPLATE },
	{ "Content-Type: multipart/mixed\nMIME-Version: 1.0\n\n",
	  USER_DATA_ARCHIVE },
	{ "From: me\nmime-version: 1.0\n\n", USER_DATA_ARCHIVE },
	{ "Content-Type: text/cloud-config\n\n", USER_DATA_UNKNOWN },
	{ "\x1f\x8b\x08", USER_DATA_PACKED },
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		check_number(kinds[i].text,
			     user_data_kind(kinds[i].text,
					    strlen(kinds[i].text)),
			     kinds[i].kind);
	/* A byte 0 is no blank, and ends nothing. */
	assert_int_equal(user_data_kind("\0#!", 3), USER_DATA_UNKNOWN);
	assert_int_equal(user_data_kind("#", 1), USER_DATA_UNKNOWN);
}

static void test_archive_far_down(void **state)
{
	cleanup_free char *near = xasprintf("%*s", 4096 - 13, "");
	cleanup_free char *text = xasprintf("%sMIME-Version:", near);
	cleanup_free char *far = xasprintf(" %s", text);

	(void)state;
	assert_int_equal(user_data_kind(text, strlen(text)), USER_DATA_ARCHIVE);
	assert_int_equal(user_data_kind(far, strlen(far)), USER_DATA_UNKNOWN);
}

#define NONE(line)                                                          \
	"its first line, '" line "', is none that cloud-init knows, which " \
	"then ignores the file; begin with '#cloud-config', or '#!' for a " \
	"script"

static const struct {
	const char *text;
	enum yaml_root root;
	const char *yaml_error;
	const char *message; /* NULL: it is taken */
} checks[] = {
	{ "", YAML_NOTHING, NULL, NULL },
	{ "\x1f\x8b", YAML_NOTHING, NULL, NULL },
	{ "#cloud-config\n", YAML_NOTHING, NULL, NULL },
	{ "#cloud-config\na: b\n", YAML_MAPPING, NULL, NULL },
	{ "#cloud-config\n- a\n", YAML_OTHER, NULL,
	  "a cloud-config has lines of the form 'key: value'; cloud-init "
	  "would ignore this one, which is a list or a text" },
	{ "#cloud-config\n[\n", YAML_NOTHING, "line 3: end",
	  "it is no YAML, and cloud-init would ignore it: line 3: end" },
	{ "#cloud-config-archive\n- a\n", YAML_OTHER, NULL, NULL },
	{ "#cloud-config-archive\na: b\n", YAML_MAPPING, NULL,
	  "a cloud-config-archive is a list; cloud-init would ignore this "
	  "one" },
	/* What is no YAML is not looked at as such. */
	{ "## template: jinja\n[", YAML_NOTHING, "line 2: end", NULL },
	{ "#!/bin/sh\necho\r\n", YAML_NOTHING, NULL, NULL },
	{ "#!/bin/sh", YAML_NOTHING, NULL, NULL },
	{ "#!/bin/sh\r\n", YAML_NOTHING, NULL,
	  "its lines end in carriage returns, with which no script runs; "
	  "dos2unix(1) takes them away" },
	{ "#!/bin/sh\r", YAML_NOTHING, NULL,
	  "its lines end in carriage returns, with which no script runs; "
	  "dos2unix(1) takes them away" },
	{ "\n#!/bin/sh\n", YAML_NOTHING, NULL,
	  "nothing may stand before '#!': the kernel would not run it" },
	{ "packages:\r\n- hello\n", YAML_NOTHING, NULL, NONE("packages:") },
	{ "0123456789012345678901234567890123456789X", YAML_NOTHING, NULL,
	  NONE("0123456789012345678901234567890123456789") },
	{ "\xef\xbb\xbf#cloud-config\n", YAML_NOTHING, NULL,
	  "it begins with a byte order mark, and cloud-init ignores what "
	  "follows one; save it as UTF-8 without" },
};

static void test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		const struct seed_text text = {
			.text = (char *)checks[i].text,
			.len = strlen(checks[i].text),
			.yaml = { .root = checks[i].root,
				  .error = (char *)checks[i].yaml_error },
		};
		struct err err;
		int r = user_data_check(&text, &err);

		if (checks[i].message)
			check_error(checks[i].text, r, &err, -EINVAL,
				    checks[i].message);
		else
			check_ok(checks[i].text, r, &err);
	}
}

/* What becomes of these texts, the last one being NULL. */
static char *join(const char *const *texts)
{
	struct seed_text parts[4];
	size_t count = 0;
	char *joined;

	for (; texts[count]; count++) {
		parts[count] = (struct seed_text){
			.path = (char *)(count == 0 ? "-" : "x/n\"\303\244me"),
			.text = (char *)texts[count],
			.len = strlen(texts[count]),
		};
	}
	size_t len = user_data_join(parts, count, &joined);
	assert_int_equal(strlen(joined), len);
	return joined;
}

static void test_join(void **state)
{
	cleanup_free char *none = join((const char *const[]){ NULL });
	cleanup_free char *one =
		join((const char *const[]){ "#!/bin/sh", NULL });
	cleanup_free char *two =
		join((const char *const[]){ "#!/bin/sh\n", "\x1f\x8b", NULL });

	(void)state;
	check_text("none", none, "");
	check_text("one", one, "#!/bin/sh");
	assert_true(str_starts(two, "Content-Type: multipart/mixed; "
				    "boundary=\"==============="));
	assert_non_null(strstr(two, "Content-Type: text/x-shellscript; "
				    "charset=\"utf-8\"\n"
				    "MIME-Version: 1.0\n"
				    "Content-Transfer-Encoding: base64\n\n"
				    "IyEvYmluL3NoCg==\n--"));
	assert_non_null(strstr(two, "Content-Type: application/gzip\n"
				    "MIME-Version: 1.0\n"
				    "Content-Transfer-Encoding: base64\n\n"
				    "H4s=\n--"));
}

static void test_boundary(void **state)
{
	cleanup_free char *first = join(
		(const char *const[]){ "MIME-Version: 1.0\n", "#!", NULL });
	const char *start = strstr(first, "boundary=\"") + 10;
	cleanup_free char *boundary = xstrndup(start, strcspn(start, "\""));

	(void)state;
	/* The same parts, the same line. */
	cleanup_free char *again = join(
		(const char *const[]){ "MIME-Version: 1.0\n", "#!", NULL });
	check_text("again", again, first);
	/* An archive is a part as it is. */
	cleanup_free char *part = xasprintf("--%s\nMIME-Version: 1.0\n\n--%s\n",
					    boundary, boundary);
	assert_non_null(strstr(first, part));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_archive_far_down),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_boundary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
