/* SPDX-License-Identifier: Apache-2.0 */
#include "tag.h"

#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0xAB, 0x00, 0x01 };

static void test_format(void **state)
{
	char tag[TAG_SIZE];

	(void)state;
	tag_format(1000, mac, "web", false, tag);
	assert_string_equal(tag, "xkvm uid=1000 mac=52:54:00:ab:00:01 vm=web");
	tag_format(0, NULL, "", false, tag);
	assert_string_equal(tag, "xkvm uid=0");
	tag_format(0, NULL, NULL, true, tag);
	assert_string_equal(tag, "xkvm uid=0 persist=1");
	tag_format(0, NULL, "web", false, tag);
	assert_string_equal(tag, "xkvm uid=0 vm=web");
}

static void test_longest(void **state)
{
	char vm[NET_VM_MAX + 1];
	char tag[TAG_SIZE];
	const char *value;
	int len;

	(void)state;
	memset(vm, 'v', NET_VM_MAX);
	vm[NET_VM_MAX] = '\0';
	tag_format(UINT32_MAX, mac, vm, true, tag);
	value = tag_find(tag, "vm", &len);
	assert_non_null(value);
	assert_int_equal(len, NET_VM_MAX);
	assert_memory_equal(value, vm, NET_VM_MAX);
	assert_true(tag_is_persistent(tag));
}

static void test_persistent(void **state)
{
	(void)state;
	assert_true(tag_is_persistent("xkvm uid=0 persist=1"));
	assert_false(tag_is_persistent("xkvm uid=0"));
	assert_false(tag_is_persistent("xkvm uid=0 vm=persist=1"));
	assert_false(tag_is_persistent("xkvm uid=0 persist=10"));
	assert_false(tag_is_persistent("other uid=0 persist=1"));
}

/* `value` NULL: not found. */
static const struct {
	const char *alias;
	const char *key;
	const char *value;
} finds[] = {
	{ "xkvm uid=0 vm=web", "vm", "web" },
	{ "xkvm uid=0 vm=web", "uid", "0" },
	{ "xkvm uid=0 vm=web", "mac", NULL },
	{ "xkvm uid=0 vm=web", "v", NULL },
	{ "xkvm uid=0 vm=web", "m", NULL },
	{ "xkvm uid=0 vm=mac=1", "mac", NULL },
	{ "xkvm uid=0 vm=", "vm", "" },
	{ "xkvm  uid=0", "uid", "0" },
	{ "xkvm ", "uid", NULL },
	{ "xkvm", "uid", NULL },
	{ "xkv uid=0", "uid", NULL },
	{ "xkvmx uid=0", "uid", NULL },
	{ " xkvm uid=0", "uid", NULL },
	{ "my vm=web", "vm", NULL },
	{ "", "vm", NULL },
};

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		int len = -1;
		const char *value =
			tag_find(finds[i].alias, finds[i].key, &len);

		if (!finds[i].value) {
			assert_null(value);
			continue;
		}
		assert_non_null(value);
		assert_int_equal(len, strlen(finds[i].value));
		assert_memory_equal(value, finds[i].value, len);
	}
}

static void test_has_mac(void **state)
{
	(void)state;
	assert_true(tag_has_mac("xkvm uid=0 mac=52:54:00:ab:00:01", mac));
	assert_true(tag_has_mac("xkvm mac=52:54:00:ab:00:01 vm=x", mac));
	assert_false(tag_has_mac("xkvm uid=0 mac=52:54:00:ab:00:02", mac));
	assert_false(tag_has_mac("xkvm uid=0 mac=52:54:00:ab:00:0", mac));
	assert_false(tag_has_mac("xkvm uid=0 mac=52:54:00:ab:00:011", mac));
	assert_false(tag_has_mac("other mac=52:54:00:ab:00:01", mac));
	assert_false(tag_has_mac("xkvm uid=0", mac));
}

static void test_has_uid(void **state)
{
	(void)state;
	assert_true(tag_has_uid("xkvm uid=1000 vm=x", 1000));
	assert_true(tag_has_uid("xkvm uid=4294967295", UINT32_MAX));
	assert_false(tag_has_uid("xkvm uid=1000", 100));
	assert_false(tag_has_uid("xkvm uid=100", 1000));
	assert_false(tag_has_uid("xkvm vm=uid=1000", 1000));
	assert_false(tag_has_uid("other uid=1000", 1000));
	assert_false(tag_has_uid("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_persistent),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_has_mac),
		cmocka_unit_test(test_has_uid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
