/* SPDX-License-Identifier: Apache-2.0 */
/* That others read it, tests/cli/seed.bats and tests/system/seed.bats show. */
#include "base/iso9660.h"

#include <stdlib.h>

#include "check.h"

#define SECTOR ((size_t)2048)

static const struct iso9660_file files[] = {
	{ "user-data", "0123456789", 10 },
	{ "meta-data", "", 0 },
	{ "big", NULL, 0 }, /* filled in by the test */
};

static uint32_t little(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static uint32_t big(const unsigned char *p)
{
	return p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[0] << 24;
}

/* The record whose name begins with these bytes, in the folder that a volume
 * descriptor leads to. */
static const unsigned char *find(const unsigned char *image, size_t volume,
				 const void *name, size_t name_len)
{
	const unsigned char *root = image + volume * SECTOR + 156;
	const unsigned char *p = image + (size_t)little(root + 2) * SECTOR;

	for (; p[0]; p += p[0])
		if (p[32] >= name_len && memcmp(p + 33, name, name_len) == 0)
			return p;
	fail_msg("there is no such record");
	return NULL;
}

static void check_file(const unsigned char *image, const unsigned char *record,
		       const struct iso9660_file *file)
{
	const unsigned char *data = image + (size_t)little(record + 2) * SECTOR;

	assert_int_equal(little(record + 2), big(record + 6));
	assert_int_equal(little(record + 10), file->len);
	assert_int_equal(big(record + 14), file->len);
	if (file->len > 0)
		assert_memory_equal(data, file->data, file->len);
}

static void test_contents(void **state)
{
	cleanup_free char *data = xcalloc(1, SECTOR + 1);
	struct iso9660_file all[] = { files[0], files[1], files[2] };
	size_t len;

	(void)state;
	memset(data, 'x', SECTOR + 1);
	all[2].data = data;
	all[2].len = SECTOR + 1;
	cleanup_free char *image = iso9660_make("cidata", all, 3, &len);
	const unsigned char *p = (unsigned char *)image;

	assert_int_equal(len % SECTOR, 0);
	assert_int_equal(little(p + 16 * SECTOR + 80), len / SECTOR);
	assert_memory_equal(p + 16 * SECTOR, "\1CD001\1", 7);
	assert_memory_equal(p + 16 * SECTOR + 40, "cidata ", 7);
	assert_memory_equal(p + 17 * SECTOR, "\2CD001\1", 7);
	assert_memory_equal(p + 17 * SECTOR + 40, "\0c\0i\0d\0a\0t\0a\0 ", 14);
	assert_memory_equal(p + 18 * SECTOR,
			    "\xff"
			    "CD001\1",
			    7);
	check_file(p, find(p, 16, "USER_DATA.;1", 12), &all[0]);
	check_file(p, find(p, 16, "META_DATA.;1", 12), &all[1]);
	check_file(p, find(p, 16, "BIG.;1", 6), &all[2]);
	check_file(p, find(p, 17, "\0u\0s\0e\0r\0-\0d\0a\0t\0a", 18), &all[0]);
	check_file(p, find(p, 17, "\0m\0e\0t\0a", 8), &all[1]);
	check_file(p, find(p, 17, "\0b\0i\0g", 6), &all[2]);
}

/* Of the same files in another order, too. */
static void test_same_bytes(void **state)
{
	const struct iso9660_file turned[] = { files[1], files[0] };
	size_t len, other_len;
	cleanup_free char *image = iso9660_make("v", files, 2, &len);
	cleanup_free char *other = iso9660_make("v", turned, 2, &other_len);

	(void)state;
	assert_int_equal(len, other_len);
	assert_memory_equal(image, other, len);
}

/* As many as there may be, with names as long as they may be, fit. */
static void test_limits(void **state)
{
	struct iso9660_file all[ISO9660_FILES_MAX];
	char names[ISO9660_FILES_MAX][ISO9660_NAME_MAX + 1];
	size_t len;

	(void)state;
	for (size_t i = 0; i < ISO9660_FILES_MAX; i++) {
		memset(names[i], 'a' + (int)i, ISO9660_NAME_MAX);
		names[i][ISO9660_NAME_MAX] = '\0';
		all[i] = (struct iso9660_file){ names[i], names[i],
						ISO9660_NAME_MAX };
	}
	cleanup_free char *image =
		iso9660_make("v", all, ISO9660_FILES_MAX, &len);
	const unsigned char *p = (unsigned char *)image;

	check_file(p, find(p, 16, "HHHH", 4), &all[7]);
	check_file(p, find(p, 17, "\0h\0h", 4), &all[7]);
	cleanup_free char *empty = iso9660_make("v", NULL, 0, &len);
	assert_int_equal(len, 25 * SECTOR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contents),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
