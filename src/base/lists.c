/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lists.h"

#include <stdlib.h>

static const char MAGIC[8] = { 'x', 'k', 'v', 'm', 'l', 'i', 's', 't' };

#define ORDER 0x01020304U
#define VERSION 1

struct header {
	char magic[8];
	uint32_t order;
	uint32_t version;
	uint64_t checksum;
	uint32_t size;
	uint32_t count;
};

struct row {
	uint32_t name;
	uint32_t first;
	uint32_t count;
};

/* What the checksum is over begins here. */
#define SUMMED offsetof(struct header, size)

/* Each step is a permutation of the sum, so two blocks that differ in eight
 * bytes never meet again. The factor is that of FNV-1a. */
static uint64_t checksum(const unsigned char *data, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325U, word;

	for (size_t i = SUMMED; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		sum = (sum ^ word) * 0x100000001b3U;
		sum ^= sum >> 29;
	}
	return sum;
}

bool lists_open(struct lists *ret, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	struct header header;

	if (size < sizeof(header) || size > LISTS_SIZE_MAX || size % 8 != 0)
		return false;
	memcpy(&header, data, sizeof(header));
	if (memcmp(header.magic, MAGIC, sizeof(MAGIC)) != 0 ||
	    header.order != ORDER || header.version != VERSION ||
	    header.size != size || bytes[size - 1] != '\0' ||
	    header.count > (size - sizeof(header)) / sizeof(struct row) ||
	    header.checksum != checksum(bytes, size))
		return false;
	*ret = (struct lists){ bytes, size, header.count };
	return true;
}

/* The block ends with NUL, and so does every string that begins in it. */
static const char *string_at(const struct lists *lists, size_t offset)
{
	return offset < lists->size ? (const char *)lists->data + offset : "";
}

struct list lists_at(const struct lists *lists, size_t i, const char **ret_name)
{
	struct row row;

	memcpy(&row, lists->data + sizeof(struct header) + i * sizeof(row),
	       sizeof(row));
	*ret_name = string_at(lists, row.name);
	if (row.first > lists->size ||
	    row.count > (lists->size - row.first) / sizeof(uint32_t))
		row.count = 0;
	return (struct list){ lists, row.first, row.count };
}

bool lists_find(const struct lists *lists, const char *name, struct list *ret)
{
	size_t low = 0, high = lists->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *this;
		struct list list = lists_at(lists, middle, &this);
		int order = strcmp(name, this);

		if (order == 0) {
			*ret = list;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

const char *list_item(const struct list *list, size_t i)
{
	uint32_t offset;

	memcpy(&offset, list->lists->data + list->first + i * sizeof(offset),
	       sizeof(offset));
	return string_at(list->lists, offset);
}

void list_copy(const struct list *list, struct strv *to)
{
	for (size_t i = 0; i < list->count; i++)
		strv_add(to, list_item(list, i));
}

void list_set_done(struct list_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		free(set->lists[i].name);
		strv_done(&set->lists[i].items);
	}
	free(set->lists);
	*set = (struct list_set)LIST_SET_INIT;
}

const struct strv *list_set_find(const struct list_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (str_eq(set->lists[i].name, name))
			return &set->lists[i].items;
	return NULL;
}

struct strv *list_set_put(struct list_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++) {
		if (!str_eq(set->lists[i].name, name))
			continue;
		strv_done(&set->lists[i].items);
		return &set->lists[i].items;
	}
	set->lists =
		xreallocarray(set->lists, set->count + 1, sizeof(*set->lists));
	struct named_list *list = &set->lists[set->count++];
	*list = (struct named_list){ .name = xstrdup(name) };
	return &list->items;
}

void list_set_add(struct list_set *set, const struct lists *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		const char *name;
		struct list list = lists_at(lists, i, &name);

		if (!list_set_find(set, name))
			list_copy(&list, list_set_put(set, name));
	}
}

static int compare_texts(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static int compare_lists(const void *a, const void *b)
{
	const struct named_list *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The strings of a set, each once, in order. */
struct pool {
	const char **texts; /* owned */
	uint32_t *offsets; /* owned; of each, in the block */
	size_t count;
	size_t size; /* of the block that ends with them */
};

static void pool_done(struct pool *pool)
{
	free(pool->texts);
	free(pool->offsets);
}

static size_t count_items(const struct list_set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += set->lists[i].items.count;
	return count;
}

static void pool_fill(struct pool *pool, const struct list_set *set)
{
	size_t all = 0;

	pool->texts = xcalloc(set->count + count_items(set), sizeof(char *));
	for (size_t i = 0; i < set->count; i++) {
		const struct strv *items = &set->lists[i].items;

		pool->texts[all++] = set->lists[i].name;
		for (size_t j = 0; j < items->count; j++)
			pool->texts[all++] = items->items[j];
	}
	qsort(pool->texts, all, sizeof(char *), compare_texts);
	for (size_t i = 0; i < all; i++)
		if (i == 0 ||
		    !str_eq(pool->texts[i], pool->texts[pool->count - 1]))
			pool->texts[pool->count++] = pool->texts[i];
}

/* The first one begins at `start`. */
static void pool_place(struct pool *pool, size_t start)
{
	pool->offsets = xcalloc(pool->count, sizeof(*pool->offsets));
	pool->size = start;
	for (size_t i = 0; i < pool->count; i++) {
		pool->offsets[i] = (uint32_t)pool->size;
		pool->size += strlen(pool->texts[i]) + 1;
	}
	pool->size = (pool->size + 7) & ~(size_t)7;
}

static uint32_t pool_offset(const struct pool *pool, const char *text)
{
	const char **found = bsearch(&text, pool->texts, pool->count,
				     sizeof(char *), compare_texts);

	return pool->offsets[found - pool->texts];
}

static void write_lists(const struct list_set *set, const struct pool *pool,
			unsigned char *data)
{
	/* What they own stays the set's. */
	cleanup_free struct named_list *sorted =
		xcalloc(set->count, sizeof(*sorted));
	size_t row_at = sizeof(struct header);
	size_t item_at = row_at + set->count * sizeof(struct row);

	for (size_t i = 0; i < set->count; i++)
		sorted[i] = set->lists[i];
	qsort(sorted, set->count, sizeof(*sorted), compare_lists);
	for (size_t i = 0; i < set->count; i++) {
		const struct strv *items = &sorted[i].items;
		const struct row row = { pool_offset(pool, sorted[i].name),
					 (uint32_t)item_at,
					 (uint32_t)items->count };

		memcpy(data + row_at, &row, sizeof(row));
		row_at += sizeof(row);
		for (size_t j = 0; j < items->count; j++) {
			uint32_t offset = pool_offset(pool, items->items[j]);

			memcpy(data + item_at, &offset, sizeof(offset));
			item_at += sizeof(offset);
		}
	}
}

void *list_set_pack(const struct list_set *set, size_t *ret_size)
{
	cleanup(pool_done) struct pool pool = { 0 };
	struct header header = {
		.order = ORDER,
		.version = VERSION,
		.count = (uint32_t)set->count,
	};

	pool_fill(&pool, set);
	pool_place(&pool, sizeof(header) + set->count * sizeof(struct row) +
				  count_items(set) * sizeof(uint32_t));
	if (pool.size > LISTS_SIZE_MAX)
		return NULL;
	unsigned char *data = xcalloc(1, pool.size);
	for (size_t i = 0; i < pool.count; i++)
		memcpy(data + pool.offsets[i], pool.texts[i],
		       strlen(pool.texts[i]));
	write_lists(set, &pool, data);
	memcpy(header.magic, MAGIC, sizeof(MAGIC));
	header.size = (uint32_t)pool.size;
	memcpy(data, &header, sizeof(header));
	header.checksum = checksum(data, pool.size);
	memcpy(data, &header, sizeof(header));
	*ret_size = pool.size;
	return data;
}
