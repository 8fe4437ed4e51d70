/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacked kernels, kept: a folder with a file for each, which nobody but this
 * user may have written. What is damaged, foreign or cannot be written is as if
 * it were not there; that costs only time.
 *
 * A file is the kernel's ELF and a trailer, which ELF's readers do not look at,
 * with its length and checksum. One without an ELF says that the kernel has
 * none that can be entered.
 */
#ifndef XKVM_RUN_KERNEL_CACHE_H
#define XKVM_RUN_KERNEL_CACHE_H

#include <sys/stat.h>

#include "base/mem.h"

/* One more than these and the one not used for longest is removed. */
#define KERNEL_CACHE_SIZE 4

/* The name of the file for the kernel that is described by `st`. Owned by the
 * caller. */
char *kernel_cache_name(const struct stat *st);

/* Opens the folder, after making it where it is missing. -EPERM where others
 * could have written it. */
must_check int kernel_cache_open(const char *folder, int *ret);

/* Opens a whole file to read. -ENOENT where there is none, -EBADMSG for one
 * that is damaged or another user's. *ret_size is the ELF's length, or 0. */
must_check int kernel_cache_find(int folder, const char *name, int *ret,
				 size_t *ret_size);

/*
 * A file without a name yet, with room for an ELF of `size` bytes, mapped at
 * *ret_map, to be written and unmapped by the caller. `folder` -1: in memory.
 */
must_check int kernel_cache_begin(int folder, size_t size, int *ret,
				  void **ret_map);

/* Adds the trailer to what kernel_cache_begin() gave, and the name. */
void kernel_cache_finish(int folder, const char *name, int file,
			 const void *map, size_t size);

#endif
