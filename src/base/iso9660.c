/* SPDX-License-Identifier: Apache-2.0 */
#include "base/iso9660.h"

#include <stdint.h>
#include <stdlib.h>

#define SECTOR 2048

/* What stands where. The first 16 sectors are the system's, and empty. Both
 * trees, the plain one and that of Joliet, lead to the same data. */
enum {
	SECTOR_PRIMARY = 16,
	SECTOR_JOLIET,
	SECTOR_TERMINATOR,
	SECTOR_PATHS_LITTLE,
	SECTOR_PATHS_BIG,
	SECTOR_JOLIET_PATHS_LITTLE,
	SECTOR_JOLIET_PATHS_BIG,
	SECTOR_ROOT,
	SECTOR_JOLIET_ROOT,
	SECTOR_DATA,
};

enum tree {
	TREE_PRIMARY,
	TREE_JOLIET,
};

#define PATH_TABLE_SIZE 10 /* the root alone */
#define DIRECTORY_FLAG 2
#define MODE_DIRECTORY 0040555
#define MODE_FILE 0100400

struct image {
	unsigned char *bytes; /* owned */
	size_t sectors;
	struct iso9660_file files[ISO9660_FILES_MAX]; /* by name */
	uint32_t starts[ISO9660_FILES_MAX]; /* the first sector of each */
	size_t count;
};

/* ---- numbers and texts ---- */

static void put_little(unsigned char *p, uint32_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = (unsigned char)(value >> (8 * i));
}

static void put_big(unsigned char *p, uint32_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = (unsigned char)(value >> (8 * (size - 1 - i)));
}

/* Numbers are there for both kinds of machine. */
static void put_both(unsigned char *p, uint32_t value, size_t size)
{
	put_little(p, value, size);
	put_big(p + size, value, size);
}

/* Filled up with blanks; Joliet's texts are UCS-2, the high byte first. */
static void put_text(unsigned char *p, size_t size, const char *text,
		     enum tree tree)
{
	size_t len = strlen(text), width = tree == TREE_JOLIET ? 2 : 1;

	for (size_t i = 0; i + width <= size; i += width) {
		char c = i / width < len ? text[i / width] : ' ';

		p[i] = 0;
		p[i + width - 1] = (unsigned char)c;
	}
}

/* Without its terminator. */
static void put_string(unsigned char *p, const char *text)
{
	while (*text)
		*p++ = (unsigned char)*text++;
}

/* ---- a folder's records ---- */

/* The signature, its own length and version begin each entry of Rock Ridge. */
static unsigned char *add_entry(unsigned char *p, const char *signature,
				size_t len)
{
	put_string(p, signature);
	p[2] = (unsigned char)len;
	p[3] = 1;
	return p + 4;
}

static size_t add_mode(unsigned char *p, bool is_directory)
{
	unsigned char *value = add_entry(p, "PX", 36);

	put_both(value, is_directory ? MODE_DIRECTORY : MODE_FILE, 4);
	put_both(value + 8, is_directory ? 2 : 1, 4); /* links */
	return 36;
}

static size_t add_name(unsigned char *p, const char *name)
{
	size_t len = strlen(name);
	unsigned char *value = add_entry(p, "NM", 5 + len);

	put_string(value + 1, name); /* flags come first, and are 0 */
	return 5 + len;
}

/* What the root's own record says of the whole: that there is Rock Ridge. */
static size_t add_extension(unsigned char *p)
{
	static const char id[] = "RRIP_1991A";
	size_t len = 8 + sizeof(id) - 1;

	put_string(add_entry(p, "SP", 7), "\xbe\xef");
	unsigned char *value = add_entry(p + 7, "ER", len);
	value[0] = sizeof(id) - 1;
	value[3] = 1; /* its version; the two texts are left out */
	put_string(value + 4, id);
	return 7 + len;
}

/* ECMA-119, 9.1. `name` is as it is written. Returns the record's length
 * without what follows the name. */
static size_t put_record(unsigned char *p, uint32_t start, uint32_t size,
			 bool is_directory, const void *name, size_t name_len)
{
	static const unsigned char date[7] = { 80, 1, 1 }; /* 1980, UTC */

	put_both(p + 2, start, 4);
	put_both(p + 10, size, 4);
	memcpy(p + 18, date, sizeof(date));
	p[25] = is_directory ? DIRECTORY_FLAG : 0;
	put_both(p + 28, 1, 2); /* of the volume */
	p[32] = (unsigned char)name_len;
	memcpy(p + 33, name, name_len);
	p[0] = (unsigned char)((33 + name_len + 1) & ~(size_t)1);
	return p[0];
}

/* Of the root, to itself or to what would be above it. */
static size_t add_root(unsigned char *p, enum tree tree, bool is_parent)
{
	uint32_t start = tree == TREE_JOLIET ? SECTOR_JOLIET_ROOT : SECTOR_ROOT;
	size_t len =
		put_record(p, start, SECTOR, true, is_parent ? "\1" : "\0", 1);

	if (tree == TREE_PRIMARY) {
		if (!is_parent)
			len += add_extension(p + len);
		len += add_mode(p + len, true);
		len += len & 1;
		p[0] = (unsigned char)len;
	}
	return len;
}

/* Upper case, with '_' for all else, as a name without Rock Ridge must be. */
static size_t plain_name(const char *name, char *ret)
{
	size_t len = 0;

	for (const char *c = name; *c; c++) {
		bool is_lower = *c >= 'a' && *c <= 'z';
		bool is_plain = (*c >= 'A' && *c <= 'Z') ||
				(*c >= '0' && *c <= '9');

		ret[len++] = is_lower	? (char)(*c - 'a' + 'A')
			     : is_plain ? *c
					: '_';
	}
	put_string((unsigned char *)ret + len, ".;1");
	return len + 3;
}

static size_t add_file(unsigned char *p, enum tree tree,
		       const struct iso9660_file *file, uint32_t start)
{
	unsigned char name[2 * ISO9660_NAME_MAX + 4];
	size_t name_len = 2 * strlen(file->name);

	if (tree == TREE_JOLIET)
		put_text(name, name_len, file->name, tree);
	else
		name_len = plain_name(file->name, (char *)name);
	size_t len = put_record(p, start, (uint32_t)file->len, false, name,
				name_len);
	if (tree == TREE_PRIMARY) {
		len += add_mode(p + len, false);
		len += add_name(p + len, file->name);
		len += len & 1;
		p[0] = (unsigned char)len;
	}
	return len;
}

static unsigned char *sector(const struct image *image, size_t number)
{
	return image->bytes + number * SECTOR;
}

static void put_folder(const struct image *image, enum tree tree)
{
	unsigned char *p = sector(
		image, tree == TREE_JOLIET ? SECTOR_JOLIET_ROOT : SECTOR_ROOT);

	p += add_root(p, tree, false);
	p += add_root(p, tree, true);
	for (size_t i = 0; i < image->count; i++)
		p += add_file(p, tree, &image->files[i], image->starts[i]);
}

/* ---- the volume ---- */

/* ECMA-119, 9.4: a table with the root in it. */
static void put_paths(const struct image *image, enum tree tree)
{
	bool is_joliet = tree == TREE_JOLIET;
	uint32_t root = is_joliet ? SECTOR_JOLIET_ROOT : SECTOR_ROOT;
	unsigned char *little =
		sector(image, is_joliet ? SECTOR_JOLIET_PATHS_LITTLE
					: SECTOR_PATHS_LITTLE);
	unsigned char *big = sector(image, is_joliet ? SECTOR_JOLIET_PATHS_BIG
						     : SECTOR_PATHS_BIG);

	little[0] = big[0] = 1;
	put_little(little + 2, root, 4);
	put_big(big + 2, root, 4);
	put_little(little + 6, 1, 2);
	put_big(big + 6, 1, 2);
}

/* ECMA-119, 8.4 and 8.5; Joliet is told by its escape sequence. */
static void put_volume(const struct image *image, const char *name,
		       enum tree tree)
{
	static const char created[] = "1980010100000000";
	static const char never[] = "0000000000000000";
	bool is_joliet = tree == TREE_JOLIET;
	unsigned char *p =
		sector(image, is_joliet ? SECTOR_JOLIET : SECTOR_PRIMARY);

	p[0] = is_joliet ? 2 : 1;
	put_string(p + 1, "CD001\1");
	put_text(p + 8, 32, "", tree); /* the system */
	put_text(p + 40, 32, name, tree);
	put_both(p + 80, (uint32_t)image->sectors, 4);
	if (is_joliet)
		put_string(p + 88, "%/E");
	put_both(p + 120, 1, 2); /* volumes in the set */
	put_both(p + 124, 1, 2); /* this one's number */
	put_both(p + 128, SECTOR, 2);
	put_both(p + 132, PATH_TABLE_SIZE, 4);
	put_little(p + 140,
		   is_joliet ? SECTOR_JOLIET_PATHS_LITTLE : SECTOR_PATHS_LITTLE,
		   4);
	put_big(p + 148, is_joliet ? SECTOR_JOLIET_PATHS_BIG : SECTOR_PATHS_BIG,
		4);
	put_record(p + 156, is_joliet ? SECTOR_JOLIET_ROOT : SECTOR_ROOT,
		   SECTOR, true, "\0", 1);
	/* The set, publisher, preparer, application; three files' names. */
	for (size_t at = 190; at < 702; at += 128)
		put_text(p + at, 128, "", tree);
	for (size_t at = 702; at < 813; at += 37)
		put_text(p + at, 37, "", tree);
	/* Made, changed; never out of date nor new. The byte after each is the
	 * zone. */
	put_string(p + 813, created);
	put_string(p + 830, created);
	put_string(p + 847, never);
	put_string(p + 864, never);
	p[881] = 1;
}

static int compare_names(const void *a, const void *b)
{
	const struct iso9660_file *first = a, *second = b;

	return strcmp(first->name, second->name);
}

/* In the order of their names, which a folder's records must have. */
static void place_files(struct image *image, const struct iso9660_file *files,
			size_t count)
{
	image->count = count;
	image->sectors = SECTOR_DATA;
	for (size_t i = 0; i < count; i++)
		image->files[i] = files[i];
	qsort(image->files, count, sizeof(image->files[0]), compare_names);
	for (size_t i = 0; i < count; i++) {
		size_t sectors = (image->files[i].len + SECTOR - 1) / SECTOR;

		/* What has no data is nowhere. */
		image->starts[i] = sectors ? (uint32_t)image->sectors : 0;
		image->sectors += sectors;
	}
}

char *iso9660_make(const char *volume, const struct iso9660_file *files,
		   size_t count, size_t *ret_len)
{
	struct image image = { 0 };

	place_files(&image, files, count);
	image.bytes = xcalloc(image.sectors, SECTOR);
	put_volume(&image, volume, TREE_PRIMARY);
	put_volume(&image, volume, TREE_JOLIET);
	put_string(sector(&image, SECTOR_TERMINATOR), "\xff"
						      "CD001\1");
	put_paths(&image, TREE_PRIMARY);
	put_paths(&image, TREE_JOLIET);
	put_folder(&image, TREE_PRIMARY);
	put_folder(&image, TREE_JOLIET);
	for (size_t i = 0; i < count; i++)
		if (image.files[i].len > 0)
			memcpy(sector(&image, image.starts[i]),
			       image.files[i].data, image.files[i].len);
	*ret_len = image.sectors * SECTOR;
	return (char *)image.bytes;
}
