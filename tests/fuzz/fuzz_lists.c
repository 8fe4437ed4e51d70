/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any block: reading all lists of one that opens stays in it, and what was
 * read, packed anew, reads the same. Most inputs are damaged, so the input is
 * also tried with its checksum mended.
 */
#include "input.h"

#include <stdlib.h>

#include "base/lists.h"

/* What the header has the checksum at, and what that is over. */
#define CHECKSUM_AT 16
#define SUMMED 24

/* As in lists.c: here it must be made, there only compared. */
static void mend(uint8_t *data, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325U, word;

	for (size_t i = SUMMED; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		sum = (sum ^ word) * 0x100000001b3U;
		sum ^= sum >> 29;
	}
	if (size >= SUMMED)
		memcpy(data + CHECKSUM_AT, &sum, sizeof(sum));
}

static void require_same(const struct lists *lists, const struct list_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct named_list *want = &set->lists[i];
		struct list list;

		require(lists_find(lists, want->name, &list));
		require(list.count == want->items.count);
		for (size_t j = 0; j < list.count; j++)
			require(strcmp(list_item(&list, j),
				       want->items.items[j]) == 0);
	}
}

static void try(const uint8_t *data, size_t size)
{
	cleanup_list_set struct list_set set = LIST_SET_INIT;
	struct lists lists, again;
	size_t packed_size;

	if (!lists_open(&lists, data, size))
		return;
	list_set_add(&set, &lists);
	cleanup_free void *packed = list_set_pack(&set, &packed_size);
	/* The lists of a block may share what takes room here. */
	if (!packed)
		return;
	require(lists_open(&again, packed, packed_size));
	require(again.count == set.count);
	require_same(&again, &set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* In memory of exactly this size. */
	cleanup_free uint8_t *copy = xcalloc(1, size);

	if (size)
		memcpy(copy, data, size);
	try(copy, size);
	mend(copy, size);
	try(copy, size);
	return 0;
}
