/* SPDX-License-Identifier: Apache-2.0 */
#include "run/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

#include "host/library.h"

/* The name that libarchive has had since 3.0. */
#define LIBRARY "libarchive.so.13"

/* What is used of it. */
struct library {
	__typeof__(archive_read_new) *read_new;
	__typeof__(archive_read_free) *read_free;
	__typeof__(archive_read_support_format_raw) *read_support_format_raw;
	__typeof__(archive_read_support_filter_gzip) *add_gzip, *add_bzip2,
		*add_lzma, *add_xz, *add_lz4, *add_zstd;
	__typeof__(archive_read_open_memory) *read_open_memory;
	__typeof__(archive_read_next_header) *read_next_header;
	__typeof__(archive_read_data) *read_data;
	__typeof__(archive_error_string) *error_string;
};

#define FUNCTION(member, name) LIBRARY_FUNCTION(struct library, member, name)

static const struct library_function FUNCTIONS[] = {
	FUNCTION(read_new, "archive_read_new"),
	FUNCTION(read_free, "archive_read_free"),
	FUNCTION(read_support_format_raw, "archive_read_support_format_raw"),
	FUNCTION(add_gzip, "archive_read_support_filter_gzip"),
	FUNCTION(add_bzip2, "archive_read_support_filter_bzip2"),
	FUNCTION(add_lzma, "archive_read_support_filter_lzma"),
	FUNCTION(add_xz, "archive_read_support_filter_xz"),
	FUNCTION(add_lz4, "archive_read_support_filter_lz4"),
	FUNCTION(add_zstd, "archive_read_support_filter_zstd"),
	FUNCTION(read_open_memory, "archive_read_open_memory"),
	FUNCTION(read_next_header, "archive_read_next_header"),
	FUNCTION(read_data, "archive_read_data"),
	FUNCTION(error_string, "archive_error_string"),
};

/*
 * Only the one filter that the data asks for. One that would run a program,
 * because libarchive was built without the library for it, warns and is not
 * used.
 */
static int add_filter(const struct library *lib, struct archive *archive,
		      const void *packed, size_t len, struct err *err)
{
	const struct {
		const char *magic;
		int (*add)(struct archive *);
	} filters[] = {
		{ "\x1f\x8b", lib->add_gzip },
		{ "BZh", lib->add_bzip2 },
		{ "\x5d", lib->add_lzma },
		{ "\xfd"
		  "7zXZ",
		  lib->add_xz },
		{ "\x02\x21\x4c\x18", lib->add_lz4 },
		{ "\x28\xb5\x2f\xfd", lib->add_zstd },
	};

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		size_t magic_len = strlen(filters[i].magic);

		if (len < magic_len ||
		    memcmp(packed, filters[i].magic, magic_len) != 0)
			continue;
		if (filters[i].add(archive) == ARCHIVE_OK)
			return 0;
		return err_set(err, -ENOTSUP,
			       LIBRARY " was built without what it takes");
	}
	return err_set(err, -ENOTSUP, "it is packed in an unknown way");
}

/* One byte more than is expected shows that there is more. */
static int read_all(const struct library *lib, struct archive *archive,
		    char *ret, size_t size, struct err *err)
{
	size_t done = 0;
	char more;

	while (done < size) {
		la_ssize_t n = lib->read_data(archive, ret + done, size - done);

		if (n < 0)
			return err_set(err, -EBADMSG, "%s",
				       lib->error_string(archive));
		if (n == 0)
			return err_set(err, -EBADMSG, "it is too short");
		done += (size_t)n;
	}
	if (lib->read_data(archive, &more, 1) > 0)
		return err_set(err, -EBADMSG, "it is too long");
	return 0;
}

static int open_and_read(const struct library *lib, struct archive *archive,
			 const void *packed, size_t len, void *ret, size_t size,
			 struct err *err)
{
	struct archive_entry *entry;
	int r = add_filter(lib, archive, packed, len, err);

	if (r < 0)
		return r;
	if (lib->read_support_format_raw(archive) != ARCHIVE_OK ||
	    lib->read_open_memory(archive, packed, len) != ARCHIVE_OK ||
	    lib->read_next_header(archive, &entry) != ARCHIVE_OK)
		return err_set(err, -EBADMSG, "%s", lib->error_string(archive));
	return read_all(lib, archive, ret, size, err);
}

int unpack(const void *packed, size_t len, void *ret, size_t size,
	   struct err *err)
{
	struct library lib;
	void *handle;
	int r = library_load(LIBRARY, FUNCTIONS, ARRAY_SIZE(FUNCTIONS), &lib,
			     &handle, err);

	if (r < 0)
		return r;
	struct archive *archive = lib.read_new();
	r = archive ? open_and_read(&lib, archive, packed, len, ret, size, err)
		    : err_set(err, -ENOMEM, "no memory to unpack it");
	lib.read_free(archive);
	library_unload(handle);
	return r;
}
