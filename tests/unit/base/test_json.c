/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "check.h"

#define U_FFFD "\xef\xbf\xbd"

/* What no UTF-8 is becomes U+FFFD, byte by byte, and the rest stays. */
static const struct {
	const char *text;
	const char *json;
} texts[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "br\303\274cke \xe2\x82\xac \xf0\x9f\x92\xbe",
	  "br\303\274cke \xe2\x82\xac \xf0\x9f\x92\xbe" },
	{ "a\xff"
	  "b",
	  "a" U_FFFD "b" },
	{ "\x80", U_FFFD },
	{ "\xc3", U_FFFD }, /* cut at the end */
	{ "\xe2\x82", U_FFFD U_FFFD },
	{ "\xe2\x82z", U_FFFD U_FFFD "z" },
	{ "\xc0\xaf", U_FFFD U_FFFD }, /* '/' in two bytes */
	{ "\xe0\x80\xaf", U_FFFD U_FFFD U_FFFD }, /* and in three */
	{ "\xed\xa0\x80", U_FFFD U_FFFD U_FFFD }, /* half a surrogate pair */
	{ "\xf5\x80\x80\x80", U_FFFD U_FFFD U_FFFD U_FFFD },
	{ "\xff\303\274\xfe", U_FFFD "\303\274" U_FFFD },
};

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		/* On the heap, where a read beyond the end is noticed. */
		cleanup_free char *text = xstrdup(texts[i].text);
		cleanup_json json_t *json = json_text(text);

		assert_true(json_is_string(json));
		check_text(texts[i].json, json_string_value(json),
			   texts[i].json);
	}
}

static void test_text_of_null(void **state)
{
	cleanup_json json_t *json = json_text(NULL);

	(void)state;
	assert_true(json_is_null(json));
}

static void test_text_array(void **state)
{
	cleanup_strv struct strv v = STRV_INIT;
	cleanup_json json_t *empty = json_text_array(&v);

	(void)state;
	assert_true(json_is_array(empty));
	assert_int_equal(json_array_size(empty), 0);

	strv_add(&v, "a");
	strv_add(&v, "\xff");
	cleanup_json json_t *two = json_text_array(&v);
	assert_int_equal(json_array_size(two), 2);
	assert_string_equal(json_string_value(json_array_get(two, 0)), "a");
	assert_string_equal(json_string_value(json_array_get(two, 1)), U_FFFD);
}

static void test_member_text(void **state)
{
	cleanup_json json_t *object =
		json_pack("{s:s, s:i, s:n}", "name", "x", "number", 3, "none");
	cleanup_json json_t *array = json_array();

	(void)state;
	assert_string_equal(json_member_text(object, "name"), "x");
	assert_null(json_member_text(object, "number"));
	assert_null(json_member_text(object, "none"));
	assert_null(json_member_text(object, "missing"));
	assert_null(json_member_text(array, "name"));
	assert_null(json_member_text(NULL, "name"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_of_null),
		cmocka_unit_test(test_text_array),
		cmocka_unit_test(test_member_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
