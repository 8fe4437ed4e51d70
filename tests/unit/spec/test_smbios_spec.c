/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/smbios_spec.h"

#include <errno.h>

#include "check.h"

static const struct {
	const char *arg, *id, *value, *file;
} rows[] = {
	{ "a=b", "a", "b", NULL },
	{ "a=", "a", "", NULL },
	{ "a=b:c=d", "a", "b:c=d", NULL },
	{ "a.b-c:/x=y:z", "a.b-c", NULL, "/x=y:z" },
	{ "d=x\ny", "d", "x\ny", NULL },
};

static void test_credentials(void **state)
{
	struct smbios_spec spec = { 0 };
	struct err err;

	(void)state;
	assert_null(smbios_spec_option(&spec));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct smbios_spec one = { 0 };

		check_ok(rows[i].arg,
			 smbios_spec_add_credential(&one, rows[i].arg, &err),
			 &err);
		check_text(rows[i].arg, one.credentials[0].id, rows[i].id);
		check_text(rows[i].arg, one.credentials[0].value,
			   rows[i].value);
		check_text(rows[i].arg, one.credentials[0].file, rows[i].file);
		check_text(rows[i].arg, smbios_spec_option(&one),
			   "--credential");
		smbios_spec_done(&one);
	}
	check_ok("string", smbios_spec_add_string(&spec, "s", &err), &err);
	check_text("string", smbios_spec_option(&spec), "--smbios11");
	check_error("empty", smbios_spec_add_string(&spec, "", &err), &err,
		    -EINVAL, "--smbios11 '': SMBIOS has no empty strings");
	smbios_spec_done(&spec);
}

#define FORM(arg) "--credential '" arg "': give ID=VALUE or ID:FILE"
#define NO_ID(id)                                                         \
	"--credential: '" id "' is no id: it names a file in the guest, " \
	"without blanks and '/'"

static const struct {
	const char *arg, *message;
} refused[] = {
	{ "", FORM("") },
	{ "a", FORM("a") },
	{ "a:", FORM("a:") },
	{ "=b", NO_ID("") },
	{ "..=b", NO_ID("..") },
	{ "a/b=c", NO_ID("a/b") },
	{ "a b=c", NO_ID("a b") },
	{ "twice=c", "--credential: 'twice' is given twice" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct smbios_spec spec = { 0 };
		struct err err;

		check_ok("first",
			 smbios_spec_add_credential(&spec, "twice=b", &err),
			 &err);
		check_error(refused[i].arg,
			    smbios_spec_add_credential(&spec, refused[i].arg,
						       &err),
			    &err, -EINVAL, refused[i].message);
		assert_int_equal(spec.credential_count, 1);
		smbios_spec_done(&spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_credentials),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
