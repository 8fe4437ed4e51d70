/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include "check.h"

/* RFC 4648, section 10, and what is no text. */
static const struct {
	const char *data;
	size_t len, width;
	const char *text;
} rows[] = {
	{ "", 0, 0, "" },
	{ "f", 1, 0, "Zg==" },
	{ "fo", 2, 0, "Zm8=" },
	{ "foo", 3, 0, "Zm9v" },
	{ "foob", 4, 0, "Zm9vYg==" },
	{ "fooba", 5, 0, "Zm9vYmE=" },
	{ "foobar", 6, 0, "Zm9vYmFy" },
	{ "\0\xff\xfe", 3, 0, "AP/+" },
	{ "", 0, 4, "" },
	{ "foobar", 6, 4, "Zm9v\nYmFy\n" },
	{ "foobar", 6, 76, "Zm9vYmFy\n" },
	{ "fooba", 5, 4, "Zm9v\nYmE=\n" },
};

/* Lines are for those who write mail. */
static void check_read(const char *text, const char *data, size_t len)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	bool has_lines = strchr(text, '\n');

	check_number(text, base64_read(&sb, text, strlen(text)), !has_lines);
	check_number(text, (long long)sb.len, has_lines ? 0 : (long long)len);
	if (!has_lines)
		assert_memory_equal(strbuf_str(&sb), data, len);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		base64_add(&sb, rows[i].data, rows[i].len, rows[i].width);
		check_text(rows[i].text, strbuf_str(&sb), rows[i].text);
		check_read(rows[i].text, rows[i].data, rows[i].len);
	}
}

static void test_all_bytes(void **state)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf back = STRBUF_INIT;
	unsigned char all[256];

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	base64_add(&text, all, sizeof(all), 0);
	assert_int_equal(text.len, 344);
	assert_true(base64_read(&back, strbuf_str(&text), text.len));
	assert_int_equal(back.len, sizeof(all));
	assert_memory_equal(strbuf_str(&back), all, sizeof(all));
}

static void test_bad(void **state)
{
	static const char *const bad[] = {
		"Z",	    "Zg",   "Zg=",    "Zg===",	  "=",
		"====",	    "Z===", "Zg==Zg", "Zg==Zm8=", "Zm9v\n",
		"Zm9v\nZm", "Zm-_", "Zh==",   "Zm9=",	  "Z\377==",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		cleanup_strbuf struct strbuf out = STRBUF_INIT;

		strbuf_addstr(&out, "kept");
		if (base64_read(&out, bad[i], strlen(bad[i])))
			fail_msg("'%s' is taken", bad[i]);
		assert_string_equal(strbuf_str(&out), "kept");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_all_bytes),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
