/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disk image formats, told from the first bytes of a file. The names and what
 * makes a header valid are QEMU's (its docs/interop and the block drivers'
 * probes); a header no driver of QEMU would take is a raw disk's content.
 */
#ifndef XKVM_PLAN_IMAGE_FORMAT_H
#define XKVM_PLAN_IMAGE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum image_format {
	IMAGE_RAW,
	IMAGE_QCOW,
	IMAGE_QCOW2,
	IMAGE_QED,
	IMAGE_VMDK,
	IMAGE_VDI,
	IMAGE_VHDX,
	IMAGE_VPC,
	IMAGE_LUKS,
	IMAGE_PARALLELS,
};

/* As many bytes as image_format_detect() ever looks at. */
#define IMAGE_HEADER_SIZE 512

/* `data` are the first `len` bytes of the file; fewer than IMAGE_HEADER_SIZE
 * only where the file is that short. Never fails: what is nothing else is
 * raw. */
enum image_format image_format_detect(const void *data, size_t len);

/* The bytes of the disk that is in a file of `size` bytes, as its header says;
 * 0 where that is not known here. */
uint64_t image_virtual_size(enum image_format format, const void *data,
			    size_t len, uint64_t size);

/* Where the header of a qcow2 image has the name of its backing file; false
 * where it has none. */
bool image_backing_place(const void *data, size_t len, uint64_t *ret_offset,
			 size_t *ret_len);

/* The format that a new file of this name is to have: by its ending, else raw.
 * Static. */
const char *image_format_of_name(const char *path);

/* Whether it is a name of one that is made here: those whose size can be read
 * from the header again. */
bool image_format_can_be_made(const char *name);

/* QEMU's name, "qcow2" and so on. Static. */
const char *image_format_name(enum image_format format);

/* false for a name that is not in the table; QEMU has more formats. */
bool image_format_from_name(const char *name, enum image_format *ret);

#endif
