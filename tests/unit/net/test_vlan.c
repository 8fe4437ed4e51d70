/* SPDX-License-Identifier: Apache-2.0 */
#include "vlan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The text is read, and written as `canonical`. */
static const struct {
	const char *text;
	const char *canonical;
} good[] = {
	{ "1", "1" },
	{ "4094", "4094" },
	{ "1-4094", "1-4094" },
	{ "5-5", "5" },
	{ "1:2", "1-2" },
	{ "2:1", "1-2" },
	{ "1:3:5", "1:3:5" },
	{ "100-110:7:1-4", "1-4:7:100-110" },
	{ "1-10:5-15:15", "1-15" },
	{ "7:8:9-16:18", "7-16:18" },
	{ "4093:4094:1", "1:4093-4094" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		const size_t len = strlen(good[i].text);
		struct vlan_set set;
		char text[64];

		if (!vlan_set_parse(good[i].text, len, &set))
			fail_msg("'%s' is refused", good[i].text);
		assert_int_equal(vlan_set_format(&set, text, sizeof(text)),
				 strlen(good[i].canonical));
		assert_string_equal(text, good[i].canonical);
		assert_false(vlan_set_is_empty(&set));
	}
}

static const char *const bad[] = {
	"",	 "0",	       "4095", "00", "01",	    "-",    "1-",
	"-1",	 "1--2",       "2-1",  "1:", ":1",	    "1::2", "1,2",
	"1-2-3", "1-4095",     "a",    "1a", "99999999999", "1-0",  " 1",
	"1 ",	 "4294967297",
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vlan_set set, untouched;

		memset(&untouched, 0x5a, sizeof(untouched));
		set = untouched;
		if (vlan_set_parse(bad[i], strlen(bad[i]), &set))
			fail_msg("'%s' is accepted", bad[i]);
		assert_memory_equal(&set, &untouched, sizeof(set));
	}
}

/* The text need not end where it is over. */
static void test_length(void **state)
{
	struct vlan_set set;
	char text[16];

	(void)state;
	assert_true(vlan_set_parse("12345", 3, &set));
	vlan_set_format(&set, text, sizeof(text));
	assert_string_equal(text, "123");
	assert_false(vlan_set_parse("1:2", 2, &set));
}

static void test_next(void **state)
{
	struct vlan_set set = { 0 };
	struct vlan_range range = { 9, 9 };

	(void)state;
	assert_true(vlan_set_is_empty(&set));
	assert_false(vlan_set_next(&set, VLAN_FIRST, &range));
	assert_int_equal(range.first, 9);
	vlan_set_add(&set, (struct vlan_range){ 10, 20 });
	vlan_set_add(&set, (struct vlan_range){ VLAN_LAST, VLAN_LAST });
	assert_true(vlan_set_next(&set, 15, &range));
	assert_int_equal(range.first, 15);
	assert_int_equal(range.last, 20);
	assert_true(vlan_set_next(&set, 21, &range));
	assert_int_equal(range.first, VLAN_LAST);
	assert_int_equal(range.last, VLAN_LAST);
	assert_false(vlan_set_next(&set, VLAN_LAST + 1, &range));
}

static void test_room(void **state)
{
	struct vlan_set set = { 0 };
	char text[8] = "xxxxxxx";

	(void)state;
	vlan_set_add(&set, (struct vlan_range){ 1000, 2000 });
	vlan_set_add(&set, (struct vlan_range){ 3000, 3000 });
	assert_int_equal(vlan_set_format(&set, text, 5),
			 strlen("1000-2000:3000"));
	assert_string_equal(text, "1000");
	assert_int_equal(text[5], 'x');
	assert_int_equal(vlan_set_format(&set, NULL, 0),
			 strlen("1000-2000:3000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_bad),
		cmocka_unit_test(test_length), cmocka_unit_test(test_next),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
