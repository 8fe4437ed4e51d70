/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_image.h"

#include <elf.h>

/* Offsets in the setup header. */
#define SETUP_SECTS 0x1f1
#define BOOT_FLAG 0x1fe
#define MAGIC 0x202
#define VERSION 0x206
#define PAYLOAD_OFFSET 0x248
#define PAYLOAD_LENGTH 0x24c

#define VERSION_WITH_PAYLOAD 0x0208
#define SECTOR 512

/* Little-endian, as x86 is. */
static uint32_t number(const unsigned char *p, size_t bytes)
{
	uint32_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | p[bytes];
	return value;
}

bool kernel_image_payload(const void *header, size_t len,
			  struct kernel_payload *ret)
{
	const unsigned char *h = header;

	if (len < KERNEL_HEADER_SIZE || number(h + BOOT_FLAG, 2) != 0xaa55 ||
	    memcmp(h + MAGIC, "HdrS", 4) != 0 ||
	    number(h + VERSION, 2) < VERSION_WITH_PAYLOAD)
		return false;
	/* "For backwards compatibility, if the setup_sects field contains 0,
	 * the real value is 4." */
	uint64_t sectors = h[SETUP_SECTS] ? h[SETUP_SECTS] : 4;
	*ret = (struct kernel_payload){
		.offset = (sectors + 1) * SECTOR +
			  number(h + PAYLOAD_OFFSET, 4),
		.length = number(h + PAYLOAD_LENGTH, 4),
	};
	return ret->length > 0;
}

bool kernel_image_needs_uefi(const void *header, size_t len)
{
	return len >= 8 && memcmp(header, "MZ", 2) == 0 &&
	       memcmp((const char *)header + 4, "zimg", 4) == 0;
}

static const struct {
	const char *bytes;
	size_t len;
	enum kernel_packing packing;
} MAGICS[] = {
	{ ELFMAG, SELFMAG, KERNEL_PLAIN },
	{ "\x1f\x8b", 2, KERNEL_PACKED }, /* gzip */
	{ "BZh", 3, KERNEL_PACKED }, /* bzip2 */
	{ "\x5d\0\0", 3, KERNEL_PACKED }, /* lzma */
	{ "\xfd"
	  "7zXZ",
	  5, KERNEL_PACKED },
	{ "\x02\x21\x4c\x18", 4, KERNEL_PACKED }, /* lz4, the old format */
	{ "\x28\xb5\x2f\xfd", 4, KERNEL_PACKED }, /* zstd */
};

enum kernel_packing kernel_image_packing(const void *payload, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(MAGICS); i++)
		if (len >= MAGICS[i].len &&
		    memcmp(payload, MAGICS[i].bytes, MAGICS[i].len) == 0)
			return MAGICS[i].packing;
	return KERNEL_PACKED_UNKNOWN;
}

/* gzip has the length at its end anyway. */
bool kernel_image_sizes(const void *payload, size_t len, size_t *ret_packed,
			size_t *ret_unpacked)
{
	const unsigned char *p = payload;

	if (len <= 8)
		return false;
	bool is_gzip = p[0] == 0x1f && p[1] == 0x8b;
	*ret_packed = is_gzip ? len : len - 4;
	*ret_unpacked = number(p + len - 4, 4);
	return true;
}

/* A piece of a file that is wholly inside of it, or NULL. */
static const void *piece(const void *file, size_t len, uint64_t offset,
			 uint64_t size)
{
	if (offset > len || size > len - offset)
		return NULL;
	return (const char *)file + offset;
}

static uint64_t align4(uint64_t n)
{
	return (n + 3) & ~UINT64_C(3);
}

#define PVH_NOTE 18 /* XEN_ELFNOTE_PHYS32_ENTRY */

/* The notes of a segment follow each other, each with a name and a content that
 * are filled up to 4 bytes. */
static bool notes_have_pvh(const char *notes, size_t len)
{
	size_t at = 0;

	while (len - at >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note;

		memcpy(&note, notes + at, sizeof(note));
		at += sizeof(note);
		const char *name = piece(notes, len, at, note.n_namesz);
		if (name && note.n_type == PVH_NOTE && note.n_namesz == 4 &&
		    memcmp(name, "Xen", 4) == 0)
			return true;
		uint64_t next = at + align4(note.n_namesz) +
				align4(note.n_descsz);
		if (next > len)
			return false;
		at = (size_t)next;
	}
	return false;
}

static bool segment_has_pvh(const void *elf, size_t len, uint32_t type,
			    uint64_t offset, uint64_t size)
{
	const char *notes = type == PT_NOTE ? piece(elf, len, offset, size)
					    : NULL;

	return notes && notes_have_pvh(notes, (size_t)size);
}

static bool has_pvh_64(const void *elf, size_t len)
{
	Elf64_Ehdr head;
	Elf64_Phdr segment;

	if (len < sizeof(head))
		return false;
	memcpy(&head, elf, sizeof(head));
	for (size_t i = 0; i < head.e_phnum; i++) {
		const void *at =
			head.e_phoff > len
				? NULL
				: piece(elf, len,
					head.e_phoff + i * sizeof(segment),
					sizeof(segment));
		if (!at)
			return false;
		memcpy(&segment, at, sizeof(segment));
		if (segment_has_pvh(elf, len, segment.p_type, segment.p_offset,
				    segment.p_filesz))
			return true;
	}
	return false;
}

static bool has_pvh_32(const void *elf, size_t len)
{
	Elf32_Ehdr head;
	Elf32_Phdr segment;

	if (len < sizeof(head))
		return false;
	memcpy(&head, elf, sizeof(head));
	for (size_t i = 0; i < head.e_phnum; i++) {
		const void *at = piece(
			elf, len, head.e_phoff + (uint64_t)i * sizeof(segment),
			sizeof(segment));
		if (!at)
			return false;
		memcpy(&segment, at, sizeof(segment));
		if (segment_has_pvh(elf, len, segment.p_type, segment.p_offset,
				    segment.p_filesz))
			return true;
	}
	return false;
}

/* x86 only, so the host's byte order is not asked: a host with the other one
 * finds no note, and the guest unpacks its kernel itself. */
bool kernel_image_has_pvh(const void *elf, size_t len)
{
	const unsigned char *ident = elf;

	if (len < EI_NIDENT || memcmp(elf, ELFMAG, SELFMAG) != 0)
		return false;
	return ident[EI_CLASS] == ELFCLASS64 ? has_pvh_64(elf, len)
					     : has_pvh_32(elf, len);
}
