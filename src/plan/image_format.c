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

/* docs/interop/qcow2.txt: a big-endian number behind 24 bytes. */
#define QCOW2_SIZE_OFFSET 24

uint64_t image_virtual_size(enum image_format format, const void *data,
			    size_t len, uint64_t size)
{
	const uint8_t *bytes = data;
	uint64_t number = 0;

	if (format != IMAGE_QCOW2 || len < QCOW2_SIZE_OFFSET + 8)
		return size;
	for (size_t i = 0; i < 8; i++)
		number = number << 8 | bytes[QCOW2_SIZE_OFFSET + i];
	return number;
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
