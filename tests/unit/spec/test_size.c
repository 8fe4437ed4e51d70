/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/size.h"

#include "check.h"

#define M (UINT64_C(1) << 20)
#define T (UINT64_C(1) << 40)

static const struct {
	const char *text;
	uint64_t unit;
	uint64_t size; /* 0: it is none */
} rows[] = {
	{ "1K", 0, 1024 },
	{ "1k", 0, 1024 },
	{ "10M", 0, 10 * M },
	{ "3g", 0, 3072 * M },
	{ "2T", 0, 2 * T },
	{ "007M", 0, 7 * M },
	{ "512", M, 512 * M },
	{ "512", 1, 512 },
	{ "512K", M, UINT64_C(512) * 1024 },
	{ "8388607T", 0, 8388607 * T },
	{ "9223372036854775807", 1, INT64_MAX },
	{ "512", 0, 0 },
	{ "", M, 0 },
	{ "", 0, 0 },
	{ "0", M, 0 },
	{ "0G", 0, 0 },
	{ "G", 0, 0 },
	{ "G", M, 0 },
	{ "1P", 0, 0 },
	{ "1GB", 0, 0 },
	{ "1 G", 0, 0 },
	{ " 1G", 0, 0 },
	{ "-1G", 0, 0 },
	{ "+1G", 0, 0 },
	{ "1.5G", 0, 0 },
	{ "0x10G", 0, 0 },
	/* More than a file can have, and than a number can. */
	{ "8388608T", 0, 0 },
	{ "9223372036854775808", 1, 0 },
	{ "18446744073709551616", 1, 0 },
	{ "99999999999999999999999T", 0, 0 },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].text;
		uint64_t size = 5;

		check_number(row, size_parse(row, rows[i].unit, &size),
			     rows[i].size != 0);
		check_number(row, (long long)size,
			     rows[i].size ? (long long)rows[i].size : 5);
	}
}

static const struct {
	uint64_t size;
	const char *text;
} texts[] = {
	{ 0, "0 bytes" },
	{ 1, "1 bytes" },
	{ 1023, "1023 bytes" },
	{ 1024, "1K" },
	{ 1536, "1536 bytes" },
	{ M, "1M" },
	{ 1536 * M, "1536M" },
	{ 2048 * M, "2G" },
	{ T, "1T" },
	{ T + 1024, "1073741825K" },
};

/* What is written is read again. */
static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		cleanup_free char *text = size_text(texts[i].size);
		uint64_t size;

		check_text(texts[i].text, text, texts[i].text);
		if (texts[i].size % 1024 == 0 && texts[i].size > 0) {
			assert_true(size_parse(text, 0, &size));
			check_number(text, (long long)size,
				     (long long)texts[i].size);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
