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

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		base64_add(&sb, rows[i].data, rows[i].len, rows[i].width);
		check_text(rows[i].text, strbuf_str(&sb), rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
