/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/image_format.h"

#include "check.h"

#define HEADER(offset_, bytes_, format_)                         \
	{                                                        \
		(offset_), (bytes_), sizeof(bytes_) - 1, format_ \
	}

/* Bytes at an offset of an image that is zero otherwise. */
static const struct header {
	size_t offset;
	const char *bytes;
	size_t len;
	enum image_format format;
} headers[] = {
	HEADER(0, "QFI\xfb\0\0\0\1", IMAGE_QCOW),
	HEADER(0, "QFI\xfb\0\0\0\2", IMAGE_QCOW2),
	HEADER(0, "QFI\xfb\0\0\0\3", IMAGE_QCOW2),
	HEADER(0, "QED\0", IMAGE_QED),
	HEADER(0, "KDMV", IMAGE_VMDK),
	HEADER(0, "COWD", IMAGE_VMDK),
	HEADER(0, "# Disk DescriptorFile", IMAGE_VMDK),
	HEADER(64, "\x7f\x10\xda\xbe", IMAGE_VDI),
	HEADER(0, "vhdxfile", IMAGE_VHDX),
	HEADER(0, "conectix", IMAGE_VPC),
	HEADER(0, "LUKS\xba\xbe\0\1", IMAGE_LUKS),
	HEADER(0, "WithoutFreeSpace\2\0\0\0", IMAGE_PARALLELS),
	HEADER(0, "WithouFreSpacExt\2\0\0\0", IMAGE_PARALLELS),

	/* Versions that QEMU does not take: the file is raw to it. */
	HEADER(0, "QFI\xfb\0\0\0\0", IMAGE_RAW),
	HEADER(0, "QFI\xfb\0\0\0\4", IMAGE_RAW),
	HEADER(0, "QFI\xfb\3\0\0\0", IMAGE_RAW),
	HEADER(0, "LUKS\xba\xbe\0\2", IMAGE_RAW),
	HEADER(0, "WithoutFreeSpace\1\0\0\0", IMAGE_RAW),
	HEADER(0, "WithouFreSpacExt\2\0\0\1", IMAGE_RAW),

	/* Somewhere else, in other letters, or something else. */
	HEADER(1, "QFI\xfb\0\0\0\3", IMAGE_RAW),
	HEADER(0, "qfi\xfb\0\0\0\3", IMAGE_RAW),
	HEADER(0, "QED ", IMAGE_RAW),
	HEADER(63, "\x7f\x10\xda\xbe", IMAGE_RAW),
	HEADER(64, "\xbe\xda\x10\x7f", IMAGE_RAW),
	HEADER(0, "VHDXFILE", IMAGE_RAW),
	HEADER(504, "conectix", IMAGE_RAW),
	HEADER(510, "\x55\xaa", IMAGE_RAW),
	HEADER(0,
	       "\x7f"
	       "ELF",
	       IMAGE_RAW),
};

/* Detects in memory of exactly this size, where sanitizers notice a read
 * beyond the end. */
static enum image_format detect(const struct header *header, size_t size)
{
	char image[IMAGE_HEADER_SIZE] = { 0 };
	cleanup_free char *copy = xcalloc(size, 1);

	memcpy(image + header->offset, header->bytes, header->len);
	memcpy(copy, image, size);
	return image_format_detect(copy, size);
}

static void test_detect(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
		check_number(headers[i].bytes,
			     detect(&headers[i], IMAGE_HEADER_SIZE),
			     headers[i].format);
}

/* A file that ends within its magic is raw, and not read beyond. */
static void test_truncated(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		const struct header *h = &headers[i];
		size_t end = h->offset + h->len;

		check_number(h->bytes, detect(h, end), h->format);
		for (size_t size = 0; size < end; size++)
			check_number(h->bytes, detect(h, size), IMAGE_RAW);
	}
}

static const char *const NAMES[] = {
	[IMAGE_RAW] = "raw",	 [IMAGE_QCOW] = "qcow",
	[IMAGE_QCOW2] = "qcow2", [IMAGE_QED] = "qed",
	[IMAGE_VMDK] = "vmdk",	 [IMAGE_VDI] = "vdi",
	[IMAGE_VHDX] = "vhdx",	 [IMAGE_VPC] = "vpc",
	[IMAGE_LUKS] = "luks",	 [IMAGE_PARALLELS] = "parallels",
};

static void test_names(void **state)
{
	enum image_format format;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(NAMES); i++) {
		check_text(NAMES[i], image_format_name((enum image_format)i),
			   NAMES[i]);
		assert_true(image_format_from_name(NAMES[i], &format));
		check_number(NAMES[i], format, (long long)i);
	}
	format = IMAGE_VDI;
	assert_false(image_format_from_name("QCOW2", &format));
	assert_false(image_format_from_name("", &format));
	assert_false(image_format_from_name("nbd", &format));
	assert_int_equal(format, IMAGE_VDI);
}

static void test_virtual_size(void **state)
{
	static const char qcow2[] = "QFI\xfb\0\0\0\3"
				    "................"
				    "\0\0\0\1\2\3\4\5";

	(void)state;
	assert_int_equal(image_virtual_size(IMAGE_QCOW2, qcow2, 32, 7),
			 0x102030405);
	assert_int_equal(image_virtual_size(IMAGE_QCOW, qcow2, 32, 7),
			 0x102030405);
	assert_int_equal(image_virtual_size(IMAGE_QCOW2, qcow2, 31, 7), 0);
	assert_int_equal(image_virtual_size(IMAGE_RAW, qcow2, 32, 7), 7);
	assert_int_equal(image_virtual_size(IMAGE_VHDX, qcow2, 32, 7), 0);
}

/* Of formats that have it elsewhere, and in another order. */
static void test_virtual_size_elsewhere(void **state)
{
	static const struct {
		enum image_format format;
		size_t offset;
		uint64_t size;
	} rows[] = {
		{ IMAGE_QED, 48, 0x0102 },
		{ IMAGE_VDI, 368, 0x0102 },
		{ IMAGE_VMDK, 12, UINT64_C(0x0102) * 512 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char header[IMAGE_HEADER_SIZE] = "KDMV";

		header[rows[i].offset] = 2;
		header[rows[i].offset + 1] = 1;
		check_number(image_format_name(rows[i].format),
			     (long long)image_virtual_size(
				     rows[i].format, header, sizeof(header), 7),
			     (long long)rows[i].size);
		/* A descriptor of text has no such number. */
		header[0] = '#';
		if (rows[i].format == IMAGE_VMDK)
			assert_int_equal(image_virtual_size(IMAGE_VMDK, header,
							    sizeof(header), 7),
					 0);
	}
}

static void test_backing(void **state)
{
	static const char none[] = "QFI\xfb\0\0\0\3"
				   "\0\0\0\0\0\0\0\0"
				   "\0\0\0\0";
	static const char some[] = "QFI\xfb\0\0\0\3"
				   "\0\0\0\1\0\0\2\x10"
				   "\0\0\1\2";
	static const char longest[] = "QFI\xfb\0\0\0\3"
				      "\0\0\0\0\0\0\2\x10"
				      "\0\0\4\0";
	uint64_t offset = 1;
	size_t len = 2;

	(void)state;
	assert_false(image_backing_place(none, 20, &offset, &len));
	assert_false(image_backing_place(some, 19, &offset, &len));
	assert_false(image_backing_place(longest, 20, &offset, &len));
	assert_int_equal(offset, 1);
	assert_int_equal(len, 2);
	assert_true(image_backing_place(some, 20, &offset, &len));
	assert_int_equal(offset, 0x100000210);
	assert_int_equal(len, 0x102);
}

static void test_of_name(void **state)
{
	(void)state;
	check_text("", image_format_of_name("d.qcow2"), "qcow2");
	check_text("", image_format_of_name("/a.b/d.vmdk"), "vmdk");
	check_text("", image_format_of_name("d.vdi"), "vdi");
	check_text("", image_format_of_name("d.img"), "raw");
	check_text("", image_format_of_name("d"), "raw");
	check_text("", image_format_of_name("d.qcow2.bak"), "raw");
	assert_true(image_format_can_be_made("raw"));
	assert_true(image_format_can_be_made("qcow2"));
	assert_false(image_format_can_be_made("luks"));
	assert_false(image_format_can_be_made("nonsense"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detect),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_virtual_size),
		cmocka_unit_test(test_virtual_size_elsewhere),
		cmocka_unit_test(test_backing),
		cmocka_unit_test(test_of_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
