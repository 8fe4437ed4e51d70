/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CD image of a few files in one folder: ISO 9660 (ECMA-119, level 2) with
 * Rock Ridge (IEEE P1282 with SUSP) for their names, and Joliet for readers
 * that know only that. The same files make the same bytes, for there is no
 * clock in it.
 */
#ifndef XKVM_BASE_ISO9660_H
#define XKVM_BASE_ISO9660_H

#include <stddef.h>

#include "base/mem.h"

/* How many files there may be, and how long their names: a folder is one
 * sector. */
#define ISO9660_FILES_MAX 8
#define ISO9660_NAME_MAX 24

struct iso9660_file {
	const char *name; /* letters, digits and '-', not only in case apart */
	const void *data;
	size_t len; /* less than 4 GiB */
};

/*
 * The image. `volume` is its name, of 16 characters at most, written as it is.
 * All files belong to root, who alone may read them. Owned by the caller.
 */
char *iso9660_make(const char *volume, const struct iso9660_file *files,
		   size_t count, size_t *ret_len);

#endif
