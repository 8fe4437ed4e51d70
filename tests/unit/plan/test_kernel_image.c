/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_image.h"

#include <elf.h>

#include "check.h"

/* The header of a bzImage with a payload of 0x30 bytes at 0x40 behind the five
 * sectors of the setup program. */
static void make_header(unsigned char *header)
{
	static const unsigned char signature[] = { 0x55, 0xaa };
	static const unsigned char magic[] = { 'H', 'd', 'r', 'S', 15, 2 };

	memset(header, 0, KERNEL_HEADER_SIZE);
	header[0x1f1] = 4;
	memcpy(header + 0x1fe, signature, sizeof(signature));
	memcpy(header + 0x202, magic, sizeof(magic));
	header[0x248] = 0x40;
	header[0x24c] = 0x30;
}

static void test_payload(void **state)
{
	unsigned char header[KERNEL_HEADER_SIZE];
	struct kernel_payload payload;

	(void)state;
	make_header(header);
	assert_true(kernel_image_payload(header, sizeof(header), &payload));
	assert_int_equal(payload.offset, 5 * 512 + 0x40);
	assert_int_equal(payload.length, 0x30);
	header[0x1f1] = 0; /* stands for 4 */
	assert_true(kernel_image_payload(header, sizeof(header), &payload));
	assert_int_equal(payload.offset, 5 * 512 + 0x40);
	header[0x1f1] = 255;
	memset(header + 0x248, 0xff, 8);
	assert_true(kernel_image_payload(header, sizeof(header), &payload));
	assert_int_equal(payload.offset, UINT64_C(256) * 512 + 0xffffffff);
	assert_int_equal(payload.length, 0xffffffff);
}

/* What makes a file no bzImage, or one that does not say. */
static void test_no_payload(void **state)
{
	static const struct {
		size_t at;
		unsigned char value;
	} changes[] = {
		{ 0x1fe, 0 },
		{ 0x202, 'h' },
		{ 0x206, 7 },
		{ 0x24c, 0 },
	};
	unsigned char header[KERNEL_HEADER_SIZE];
	struct kernel_payload payload;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		cleanup_free char *row = xasprintf("change %zu", i);

		make_header(header);
		header[changes[i].at] = changes[i].value;
		check_number(row,
			     kernel_image_payload(header, sizeof(header),
						  &payload),
			     false);
	}
	make_header(header);
	assert_false(
		kernel_image_payload(header, sizeof(header) - 1, &payload));
}

static const struct {
	const char *bytes;
	size_t len;
	enum kernel_packing packing;
} packings[] = {
	{ "\x7f"
	  "ELF\2\1\1",
	  8, KERNEL_PLAIN },
	{ "\x1f\x8b\x08\0\0\0\0\0", 8, KERNEL_PACKED },
	{ "BZh91AY&", 8, KERNEL_PACKED },
	{ "\x5d\0\0\x80\0\xff\xff\xff", 8, KERNEL_PACKED },
	{ "\xfd"
	  "7zXZ\0\0\1",
	  8, KERNEL_PACKED },
	{ "\x02\x21\x4c\x18\0\0\0\0", 8, KERNEL_PACKED },
	{ "\x28\xb5\x2f\xfd\x04\0\0\0", 8, KERNEL_PACKED },
	{ "\x89LZO\0\r\n\x1a", 8, KERNEL_PACKED_UNKNOWN },
	{ "\x1f", 1, KERNEL_PACKED_UNKNOWN },
	{ "", 0, KERNEL_PACKED_UNKNOWN },
};

static void test_packing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(packings); i++) {
		cleanup_free char *row = xasprintf("row %zu", i);

		check_number(row,
			     kernel_image_packing(packings[i].bytes,
						  packings[i].len),
			     packings[i].packing);
	}
}

static void test_sizes(void **state)
{
	size_t packed, unpacked;

	(void)state;
	assert_true(kernel_image_sizes("\xfd"
				       "7zXZ....\x04\x03\x02\x01",
				       13, &packed, &unpacked));
	assert_int_equal(packed, 9);
	assert_int_equal(unpacked, 0x01020304);
	assert_true(kernel_image_sizes("\x1f\x8b.......\x04\x03\x02\x01", 13,
				       &packed, &unpacked));
	assert_int_equal(packed, 13);
	assert_int_equal(unpacked, 0x01020304);
	assert_false(
		kernel_image_sizes("\x1f\x8b......", 8, &packed, &unpacked));
}

/* A file with two notes in its second segment. */
struct elf64 {
	Elf64_Ehdr head;
	Elf64_Phdr segments[2];
	Elf64_Nhdr first;
	char first_name[8], first_content[4];
	Elf64_Nhdr second;
	char second_name[4], second_content[8];
};

static struct elf64 make_elf(void)
{
	struct elf64 elf = {
		.head = { .e_phoff = offsetof(struct elf64, segments),
			  .e_phnum = 2 },
		.segments = { { .p_type = PT_LOAD,
				.p_filesz = sizeof(struct elf64) },
			      { .p_type = PT_NOTE,
				.p_offset = offsetof(struct elf64, first),
				.p_filesz = sizeof(struct elf64) -
					    offsetof(struct elf64, first) } },
		.first = { 6, 3, 18 }, /* another's name, odd lengths */
		.first_name = "Linux",
		.second = { 4, 8, 18 },
		.second_name = "Xen",
	};

	memcpy(elf.head.e_ident, ELFMAG, SELFMAG);
	elf.head.e_ident[EI_CLASS] = ELFCLASS64;
	return elf;
}

static void test_pvh(void **state)
{
	struct elf64 elf = make_elf();

	(void)state;
	assert_true(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf.second.n_type = 17;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf = make_elf();
	elf.segments[1].p_type = PT_LOAD;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf = make_elf();
	elf.head.e_ident[0] = 0;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
}

/* Lengths and places that lead out of the file. */
static void test_pvh_bounds(void **state)
{
	struct elf64 elf = make_elf();

	(void)state;
	for (size_t len = 0; len < sizeof(elf); len++) {
		/* So that a look beyond its end is noticed. */
		cleanup_free char *copy = xcalloc(1, len + 1);

		memcpy(copy, &elf, len);
		assert_false(kernel_image_has_pvh(copy, len));
	}
	elf.segments[1].p_offset = UINT64_MAX;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf = make_elf();
	elf.segments[1].p_filesz = UINT64_MAX;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf = make_elf();
	elf.head.e_phoff = UINT64_MAX - 8;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf = make_elf();
	elf.first.n_namesz = UINT32_MAX;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
	elf = make_elf();
	elf.first.n_descsz = UINT32_MAX;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
}

static void test_pvh_32(void **state)
{
	struct {
		Elf32_Ehdr head;
		Elf32_Phdr segment;
		Elf32_Nhdr note;
		char name[4], content[4];
	} elf = { .head = { .e_phoff = sizeof(Elf32_Ehdr), .e_phnum = 1 },
		  .segment = { .p_type = PT_NOTE,
			       .p_offset = sizeof(Elf32_Ehdr) +
					   sizeof(Elf32_Phdr),
			       .p_filesz = 20 },
		  .note = { 4, 4, 18 },
		  .name = "Xen" };

	(void)state;
	memcpy(elf.head.e_ident, ELFMAG, SELFMAG);
	elf.head.e_ident[EI_CLASS] = ELFCLASS32;
	assert_true(kernel_image_has_pvh(&elf, sizeof(elf)));
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf) - 1));
	elf.head.e_phoff = UINT32_MAX;
	assert_false(kernel_image_has_pvh(&elf, sizeof(elf)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_no_payload),
		cmocka_unit_test(test_packing),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_pvh),
		cmocka_unit_test(test_pvh_bounds),
		cmocka_unit_test(test_pvh_32),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
