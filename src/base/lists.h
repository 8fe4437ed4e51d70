/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named lists of strings, kept in one block of bytes that can be used where it
 * is: written once, read often, by this host alone. In the byte order of the
 * host, each number but the checksum being 32 bits:
 *
 *	header		"xkvmlist", 0x01020304, version, checksum (64 bits),
 *			size of the block, number of lists
 *	lists		name, first item, number of items; sorted by name
 *	items		strings
 *	strings		each of them once, ended by NUL; NULs up to a multiple
 *			of eight bytes
 *
 * A string is where it begins in the block, a first item likewise. The checksum
 * is over all that follows it; each change of eight bytes changes it. It is
 * against accidents: whoever may write the block can make a right one, so what
 * points out of the block is an empty list, or an empty string.
 */
#ifndef XKVM_BASE_LISTS_H
#define XKVM_BASE_LISTS_H

#include <stdint.h>

#include "base/strv.h"

/* No block is larger. */
#define LISTS_SIZE_MAX (4U << 20)

/* The lists in a block. Nothing is owned: the block must stay. */
struct lists {
	const unsigned char *data; /* NULL: there are none */
	size_t size;
	size_t count;
};

struct list {
	const struct lists *lists;
	size_t first;
	size_t count;
};

/* false where this is no block, a damaged one, or one of another host or
 * version. */
bool lists_open(struct lists *ret, const void *data, size_t size);

/* The list of this name. */
bool lists_find(const struct lists *lists, const char *name, struct list *ret);

/* List number `i` and its name. */
struct list lists_at(const struct lists *lists, size_t i,
		     const char **ret_name);

/* Both belong to the block. */
const char *list_item(const struct list *list, size_t i);
void list_copy(const struct list *list, struct strv *to);

/* Lists to make a block of. */
struct list_set {
	struct named_list *lists; /* owned */
	size_t count;
};

struct named_list {
	char *name; /* owned */
	struct strv items;
};

#define LIST_SET_INIT   \
	{               \
		NULL, 0 \
	}
#define cleanup_list_set cleanup(list_set_done)

void list_set_done(struct list_set *set);

/* The list of this name, emptied where there is one, made where there is none.
 * Valid until the next one is added. */
struct strv *list_set_put(struct list_set *set, const char *name);

/* NULL where there is none. */
const struct strv *list_set_find(const struct list_set *set, const char *name);

/* Adds those of a block whose names are not there. */
void list_set_add(struct list_set *set, const struct lists *lists);

/* The block of these lists, owned by the caller; NULL where it would be too
 * large. */
void *list_set_pack(const struct list_set *set, size_t *ret_size);

#endif
