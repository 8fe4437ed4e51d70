/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a plan: created, copied or marked before QEMU starts. */
#ifndef XKVM_RUN_PREPARE_H
#define XKVM_RUN_PREPARE_H

#include <stdint.h>

#include "base/mem.h"

/*
 * Creates `path` as a copy of `source`, filled up with zeros to `size` bytes,
 * whole or not at all: it is made durable before it gets its name. It remembers
 * its source where the file system lets it. -EEXIST where the name has appeared
 * in between; no file is replaced.
 */
must_check int prepare_nvram_file(const char *path, const char *source,
				  uint64_t size, struct err *err);

/* Such a copy in memory, without a name. *ret is owned by the caller. */
must_check int prepare_nvram_memory(const char *source, uint64_t size, int *ret,
				    struct err *err);

/*
 * Opens a file and locks it (flock(2)), for as long as *ret or a copy of it is
 * open anywhere: against all others or, with `is_shared`, against those who do
 * not share. -EBUSY where it is locked already, -EAGAIN where the name is no
 * longer that file's. *ret is owned by the caller.
 */
must_check int prepare_lock(const char *path, bool is_shared, int *ret,
			    struct err *err);

/* A file in memory with this content. *ret is owned by the caller. */
must_check int prepare_memory_file(const char *name, const char *content,
				   int *ret, struct err *err);

/* Remembers, or forgets, that a disk was used as raw. Where the file system
 * cannot remember, nothing happens. */
void prepare_raw_mark(const char *path, bool is_raw);

#endif
