/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a plan: created, copied or marked before QEMU starts. */
#ifndef XKVM_RUN_PREPARE_H
#define XKVM_RUN_PREPARE_H

#include "base/mem.h"

/*
 * Creates `path` as a copy of `source`, whole or not at all: it is made durable
 * before it gets its name. -EEXIST where that has appeared in between; no file
 * is replaced.
 */
must_check int prepare_nvram_file(const char *path, const char *source,
				  struct err *err);

/* A copy of `source` in memory, without a name. *ret is owned by the
 * caller. */
must_check int prepare_nvram_memory(const char *source, int *ret,
				    struct err *err);

/* A file in memory with this content. *ret is owned by the caller. */
must_check int prepare_memory_file(const char *name, const char *content,
				   int *ret, struct err *err);

/* Remembers, or forgets, that a disk was used as raw. Where the file system
 * cannot remember, nothing happens. */
void prepare_raw_mark(const char *path, bool is_raw);

#endif
