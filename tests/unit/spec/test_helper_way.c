/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/helper_way.h"

#include <errno.h>

#include "check.h"

static void test_names(void **state)
{
	static const char *const names[] = { "auto", "direct", "sudo", "socket",
					     "qemu" };
	unsigned int seen = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		enum helper_way way = HELPER_AUTO;
		struct err err;

		check_ok(names[i], helper_way_parse(names[i], &way, &err),
			 &err);
		check_text(names[i], helper_way_name(way), names[i]);
		seen |= 1U << way;
	}
	assert_int_equal(seen, (1U << HELPER_WAY_COUNT) - 1);
}

static void test_unknown(void **state)
{
	static const char *const names[] = { "", "Auto", "auto ", "su" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		cleanup_free char *text =
			xasprintf("unknown way '%s'; use auto, direct, sudo, "
				  "socket or qemu",
				  names[i]);
		enum helper_way way = HELPER_QEMU;
		struct err err;

		check_error(names[i], helper_way_parse(names[i], &way, &err),
			    &err, -EINVAL, text);
		assert_int_equal(way, HELPER_QEMU);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
