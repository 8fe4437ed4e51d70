/* SPDX-License-Identifier: Apache-2.0 */
#include "run/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <errno.h>

/* The name that libarchive has had since 3.0. */
#define LIBRARY "libarchive.so.13"

/* Its functions, under their names without "archive_". */
#define FUNCTIONS(X)                                                         \
	X(read_new)                                                          \
	X(read_free) X(read_support_format_raw) X(read_support_filter_bzip2) \
		X(read_support_filter_gzip) X(read_support_filter_lz4) X(    \
			read_support_filter_lzma) X(read_support_filter_xz)  \
			X(read_support_filter_zstd) X(read_open_memory)      \
				X(read_next_header) X(read_data)             \
					X(error_string)

struct library {
	void *handle; /* owned */
#define MEMBER(name) __typeof__(archive_##name) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

static void library_done(struct library *lib)
{
	if (lib->handle)
		dlclose(lib->handle);
}

static int library_load(struct library *ret, struct err *err)
{
	*ret = (struct library){ .handle = dlopen(LIBRARY, RTLD_NOW) };
	bool has_all = ret->handle;

	if (!has_all)
		return err_set(err, -ENOTSUP, "%s", dlerror());
#define LOAD(name)                                                   \
	*(void **)&ret->name = dlsym(ret->handle, "archive_" #name); \
	has_all = has_all && ret->name;
	FUNCTIONS(LOAD)
#undef LOAD
	return has_all ? 0
		       : err_set(err, -ENOTSUP, LIBRARY " lacks a function");
}

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
		{ "\x1f\x8b", lib->read_support_filter_gzip },
		{ "BZh", lib->read_support_filter_bzip2 },
		{ "\x5d", lib->read_support_filter_lzma },
		{ "\xfd"
		  "7zXZ",
		  lib->read_support_filter_xz },
		{ "\x02\x21\x4c\x18", lib->read_support_filter_lz4 },
		{ "\x28\xb5\x2f\xfd", lib->read_support_filter_zstd },
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

		if (n == ARCHIVE_RETRY || n == ARCHIVE_WARN)
			continue;
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
	int r = library_load(&lib, err);

	if (r == 0) {
		struct archive *archive = lib.read_new();

		r = archive ? open_and_read(&lib, archive, packed, len, ret,
					    size, err)
			    : err_set(err, -ENOMEM, "no memory to unpack it");
		lib.read_free(archive);
	}
	library_done(&lib);
	return r;
}
