/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/image_format.h"

#include "base/mem.h"

static const char *const NAMES[] = {
	[IMAGE_RAW] = "raw",	 [IMAGE_QCOW] = "qcow",
	[IMAGE_QCOW2] = "qcow2", [IMAGE_QED] = "qed",
	[IMAGE_VMDK] = "vmdk",	 [IMAGE_VDI] = "vdi",
	[IMAGE_VHDX] = "vhdx",	 [IMAGE_VPC] = "vpc",
	[IMAGE_LUKS] = "luks",	 [IMAGE_PARALLELS] = "parallels",
};

/* Bytes that must stand at `offset`. Where QEMU's driver asks for a version,
 * the version's bytes are part of them. */
struct magic {
	enum image_format format;
	size_t offset;
	const char *bytes;
	size_t len;
};

#define MAGIC(format_, offset_, bytes_)                            \
	{                                                          \
		(format_), (offset_), (bytes_), sizeof(bytes_) - 1 \
	}

static const struct magic MAGICS[] = {
	/* The version is a big-endian word: 1 is qcow, 2 and 3 are qcow2. */
	MAGIC(IMAGE_QCOW, 0, "QFI\xfb\0\0\0\1"),
	MAGIC(IMAGE_QCOW2, 0, "QFI\xfb\0\0\0\2"),
	MAGIC(IMAGE_QCOW2, 0, "QFI\xfb\0\0\0\3"),
	MAGIC(IMAGE_QED, 0, "QED\0"),
	/* Sparse extents of version 4 and 3, and the text descriptor. */
	MAGIC(IMAGE_VMDK, 0, "KDMV"),
	MAGIC(IMAGE_VMDK, 0, "COWD"),
	MAGIC(IMAGE_VMDK, 0, "# Disk DescriptorFile"),
	/* Little-endian 0xbeda107f behind 64 bytes of text. */
	MAGIC(IMAGE_VDI, 64, "\x7f\x10\xda\xbe"),
	MAGIC(IMAGE_VHDX, 0, "vhdxfile"),
	/* Dynamic disks only: a fixed one has this at its end, and QEMU, too,
	 * takes such a file for raw. */
	MAGIC(IMAGE_VPC, 0, "conectix"),
	/* Version 1; QEMU does not open LUKS2, whose disks are raw to it. */
	MAGIC(IMAGE_LUKS, 0, "LUKS\xba\xbe\0\1"),
	MAGIC(IMAGE_PARALLELS, 0, "WithoutFreeSpace\2\0\0\0"),
	MAGIC(IMAGE_PARALLELS, 0, "WithouFreSpacExt\2\0\0\0"),
};

enum image_format image_format_detect(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < ARRAY_SIZE(MAGICS); i++) {
		const struct magic *m = &MAGICS[i];

		if (len >= m->offset + m->len &&
		    memcmp(bytes + m->offset, m->bytes, m->len) == 0)
			return m->format;
	}
	return IMAGE_RAW;
}

/* Where a header has the disk's size: eight bytes, in units of so many. From
 * docs/interop/qcow2.txt and qed_spec.txt, and block/qcow.c, vdi.c, vmdk.c. */
static const struct {
	enum image_format format;
	size_t offset;
	bool is_big_endian;
	uint64_t unit;
} SIZES[] = {
	{ IMAGE_QCOW, 24, true, 1 },	{ IMAGE_QCOW2, 24, true, 1 },
	{ IMAGE_QED, 48, false, 1 },	{ IMAGE_VDI, 368, false, 1 },
	{ IMAGE_VMDK, 12, false, 512 },
};

static uint64_t read_number(const uint8_t *bytes, bool is_big_endian)
{
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | bytes[is_big_endian ? i : 7 - i];
	return number;
}

/* Of the kinds of vmdk, only the sparse extent of version 4 has it there. */
static bool has_size(enum image_format format, const uint8_t *bytes)
{
	return format != IMAGE_VMDK || memcmp(bytes, "KDMV", 4) == 0;
}

uint64_t image_virtual_size(enum image_format format, const void *data,
			    size_t len, uint64_t size)
{
	if (format == IMAGE_RAW)
		return size;
	for (size_t i = 0; i < ARRAY_SIZE(SIZES); i++)
		if (SIZES[i].format == format && len >= SIZES[i].offset + 8 &&
		    has_size(format, data))
			return read_number((const uint8_t *)data +
						   SIZES[i].offset,
					   SIZES[i].is_big_endian) *
			       SIZES[i].unit;
	return 0;
}

/* docs/interop/qcow2.txt: where the name of the backing file is, and its
 * length; and the longest that it may be. */
#define QCOW2_BACKING_OFFSET 8
#define QCOW2_BACKING_SIZE 12
#define QCOW2_BACKING_MAX 1023

bool image_backing_place(const void *data, size_t len, uint64_t *ret_offset,
			 size_t *ret_len)
{
	const uint8_t *bytes = data;

	if (len < QCOW2_BACKING_SIZE + 8)
		return false;
	uint64_t offset = read_number(bytes + QCOW2_BACKING_OFFSET, true);
	/* The length is the lower half of the number that ends with it. */
	uint32_t length =
		(uint32_t)read_number(bytes + QCOW2_BACKING_SIZE, true);
	if (offset == 0 || length == 0 || length > QCOW2_BACKING_MAX)
		return false;
	*ret_offset = offset;
	*ret_len = length;
	return true;
}

const char *image_format_of_name(const char *path)
{
	static const struct {
		const char *ending;
		enum image_format format;
	} endings[] = {
		{ ".qcow2", IMAGE_QCOW2 }, { ".qcow", IMAGE_QCOW },
		{ ".qed", IMAGE_QED },	   { ".vdi", IMAGE_VDI },
		{ ".vmdk", IMAGE_VMDK },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < ARRAY_SIZE(endings); i++)
		if (str_eq(dot, endings[i].ending))
			return NAMES[endings[i].format];
	return NAMES[IMAGE_RAW];
}

bool image_format_can_be_made(const char *name)
{
	enum image_format format;

	if (!image_format_from_name(name, &format))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(SIZES); i++)
		if (SIZES[i].format == format)
			return true;
	return format == IMAGE_RAW;
}

const char *image_format_name(enum image_format format)
{
	return NAMES[format];
}

bool image_format_from_name(const char *name, enum image_format *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(NAMES); i++) {
		if (str_eq(NAMES[i], name)) {
			*ret = (enum image_format)i;
			return true;
		}
	}
	return false;
}
