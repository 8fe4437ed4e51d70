/* SPDX-License-Identifier: Apache-2.0 */
#include "host/kernel_facts.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "check.h"
#include "folder.h"

/* A bzImage of `len` bytes, the payload of which begins with `begin`. */
static enum kernel_packing look(const char *begin, size_t len)
{
	char *folder = folder_new();
	unsigned char file[4096] = {
		[0x1f1] = 4,   [0x1fe] = 0x55, [0x1ff] = 0xaa, [0x202] = 'H',
		[0x203] = 'd', [0x204] = 'r',  [0x205] = 'S',  [0x206] = 8,
		[0x207] = 2,   [0x24c] = 8
	};

	for (size_t i = 0; begin[i]; i++)
		file[2560 + i] = (unsigned char)begin[i];
	cleanup_free char *path = folder_file(folder, "k", file, len, 0644);
	enum kernel_packing packing = host_look_at_kernel(path);
	folder_remove(folder);
	return packing;
}

static void test_packing(void **state)
{
	(void)state;
	assert_int_equal(look("\x1f\x8b\x08", 4096), KERNEL_PACKED);
	assert_int_equal(look("\x89LZO", 4096), KERNEL_PACKED_UNKNOWN);
	assert_int_equal(look("\x7f"
			      "ELF",
			      4096),
			 KERNEL_PLAIN);
	/* Cut off: in the payload, before it, in the header. */
	assert_int_equal(look("\x1f\x8b", 2561), KERNEL_PACKED_UNKNOWN);
	assert_int_equal(look("\x1f\x8b", 1000), KERNEL_PACKED_UNKNOWN);
	assert_int_equal(look("\x1f\x8b", 100), KERNEL_PLAIN);
	assert_int_equal(look("", 0), KERNEL_PLAIN);
}

static void test_zboot(void **state)
{
	char *folder = folder_new();
	const char image[] = "MZ\0\0zimg";
	cleanup_free char *path =
		folder_file(folder, "k", image, sizeof(image), 0644);

	(void)state;
	assert_int_equal(host_look_at_kernel(path), KERNEL_PACKED_FOR_UEFI);
	folder_remove(folder);
}

/* The plan says what is wrong with these. */
static void test_no_file(void **state)
{
	char *folder = folder_new();
	cleanup_free char *missing = folder_path(folder, "missing");
	cleanup_free char *fifo = folder_path(folder, "fifo");

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(host_look_at_kernel(missing), KERNEL_PLAIN);
	assert_int_equal(host_look_at_kernel(fifo), KERNEL_PLAIN);
	assert_int_equal(host_look_at_kernel(folder), KERNEL_PLAIN);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packing),
		cmocka_unit_test(test_zboot),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
