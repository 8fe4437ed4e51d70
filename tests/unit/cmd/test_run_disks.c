/* SPDX-License-Identifier: Apache-2.0 */
/* What the options about disks make of a run_spec. */
#include "check.h"
#include "cmd/run_options.h"

static struct run_spec spec_of(const char *const *args, size_t count)
{
	const struct run_environment nothing = { 0 };
	cleanup_strv struct strv argv = STRV_INIT;
	enum run_request request;
	struct run_spec spec;
	struct err err;

	strv_add(&argv, "xkvm");
	for (size_t i = 0; i < count; i++)
		strv_add(&argv, args[i]);
	check_ok(args[0],
		 run_options_parse((int)argv.count, argv.items, &nothing, &spec,
				   &request, &err),
		 &err);
	return spec;
}

/* A CD is a disk, in its place among them; an empty one is none. */
static void test_cdrom(void **state)
{
	static const char *const args[] = {
		"--cdrom=a,b.iso", "-d", "d.img", "--cdrom", "", "--cdrom", "c"
	};
	struct run_spec spec = spec_of(args, ARRAY_SIZE(args));

	(void)state;
	assert_int_equal(spec.disk_count, 3);
	assert_string_equal(spec.disks[0].file, "a,b.iso");
	assert_string_equal(spec.disks[0].option, "--cdrom");
	assert_string_equal(spec.disks[1].bare.items[0], "d.img");
	assert_string_equal(spec.disks[2].file, "c");
	assert_false(spec.is_ephemeral);
	run_spec_done(&spec);
}

static void test_ephemeral(void **state)
{
	static const char *const forms[] = { "-x", "--ephemeral" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct run_spec spec = spec_of(&forms[i], 1);

		assert_true(spec.is_ephemeral);
		run_spec_done(&spec);
	}
}

static void test_temp_folder(void **state)
{
	static const char *const folders[] = { NULL, "", "/t" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		const struct run_environment environment = {
			.temp_folder = folders[i],
		};
		struct run_spec spec = RUN_SPEC_INIT;
		struct err err;

		check_ok("TMPDIR",
			 run_environment_apply(&environment, &spec, &err),
			 &err);
		check_text("TMPDIR", spec.temp_folder, i == 2 ? "/t" : NULL);
		run_spec_done(&spec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cdrom),
		cmocka_unit_test(test_ephemeral),
		cmocka_unit_test(test_temp_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
