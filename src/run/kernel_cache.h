/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacked kernels, kept: a folder with a file for each, which nobody but this
 * user may have written. What is damaged, foreign or cannot be written is as if
 * it were not there; that costs only time.
 *
 * A file is the kernel's ELF and what ELF's readers do not look at: the path of
 * the kernel, and a trailer with the lengths and a checksum. One without an ELF
 * says that the kernel has none that can be entered.
 */
#ifndef XKVM_RUN_KERNEL_CACHE_H
#define XKVM_RUN_KERNEL_CACHE_H

#include <stdint.h>
#include <sys/stat.h>

#include "base/mem.h"

/* One more than these and the one not used for longest is removed. */
#define KERNEL_CACHE_SIZE 4

/* The name of the file for the kernel that is described by `st`. Owned by the
 * caller. */
char *kernel_cache_name(const struct stat *st);

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

/* Adds what else is in a file, for the kernel at `path`, to what
 * kernel_cache_begin() gave and the caller wrote; and the name. */
void kernel_cache_finish(int folder, const char *name, int file, size_t size,
			 const char *path);

/* The folder in the folder of all caches. Owned by the caller. */
char *kernel_cache_folder(const char *cache);

/* Whether a file in it may be of this cache. */
bool kernel_cache_is_name(const char *name);

struct kernel_cache_entry {
	char *file; /* owned */
	uint64_t size;
	size_t unpacked; /* of the ELF; 0: the kernel has none */
	char *path; /* owned; of the kernel; NULL: the file is damaged */
	bool is_fresh; /* that kernel is still the same */
};

/* The files in the folder, sorted by name. Owned by the caller. */
struct kernel_cache_entry *kernel_cache_entries(const char *folder,
						size_t *ret_count);
void kernel_cache_entries_free(struct kernel_cache_entry *entries,
			       size_t count);

#endif
