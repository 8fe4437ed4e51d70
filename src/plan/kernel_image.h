/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file that is given as a kernel holds.
 *
 * A bzImage is a packed ELF and a program that unpacks it. QEMU can enter the
 * ELF itself where that has a PVH note, which spares the guest the unpacking.
 * Sources: Documentation/arch/x86/boot.rst of Linux, "The Real-Mode Kernel
 * Header", and scripts/Makefile.lib, size_append; ELF-64 Object File Format;
 * xen/include/public/elfnote.h, XEN_ELFNOTE_PHYS32_ENTRY.
 */
#ifndef XKVM_PLAN_KERNEL_IMAGE_H
#define XKVM_PLAN_KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum kernel_packing {
	KERNEL_PLAIN, /* no bzImage, or one whose ELF is not packed */
	KERNEL_PACKED, /* in a way that can be undone */
	KERNEL_PACKED_UNKNOWN,
	KERNEL_PACKED_FOR_UEFI, /* by UEFI alone it can be unpacked */
};

/* As much of a file's beginning as kernel_image_payload() reads. */
#define KERNEL_HEADER_SIZE 0x250

/* Where in the file the packed ELF is, in bytes. */
struct kernel_payload {
	uint64_t offset;
	uint64_t length;
};

/* False where `header`, the first `len` bytes of a file, is that of no bzImage,
 * or of one too old to say. What is found may lie beyond the file's end. */
bool kernel_image_payload(const void *header, size_t len,
			  struct kernel_payload *ret);

/* Whether the file unpacks itself by the help of UEFI alone (CONFIG_EFI_ZBOOT;
 * drivers/firmware/efi/libstub/zboot-header.S of Linux). 8 bytes are enough. */
bool kernel_image_needs_uefi(const void *header, size_t len);

/* By its first bytes, of which 8 are enough. */
enum kernel_packing kernel_image_packing(const void *payload, size_t len);

/*
 * A whole payload: how long it will be unpacked, and how much of it is the
 * packed data, without the length that follows in all formats but gzip. False
 * where it is too short for either.
 */
bool kernel_image_sizes(const void *payload, size_t len, size_t *ret_packed,
			size_t *ret_unpacked);

/* Whether a whole ELF file has the note that tells where to enter it. */
bool kernel_image_has_pvh(const void *elf, size_t len);

#endif
