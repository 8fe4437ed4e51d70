/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing down what QEMU programs have answered; host/qemu_cache.h reads it.
 *
 * A file is complete when it gets its name, and replaces the one before: who
 * reads sees one or the other. Of several who write at once, one does; what the
 * others know is lost, and asked again. It is not made durable: half a file is
 * noticed by its checksum.
 */
#ifndef XKVM_RUN_CACHE_STORE_H
#define XKVM_RUN_CACHE_STORE_H

#include "host/qemu_cache.h"

/* Keeps what was learned, with what was known. Makes the folder where the one
 * above it is this user's. Fails where nothing was written; -EAGAIN: another
 * one writes at this moment. */
must_check int cache_store(struct qemu_cache *cache, struct err *err);

/* Removes all that cache_store() has ever written to this folder, and the
 * unpacked kernels in it, and the folder where it is empty then. *ret_count is
 * the number of files. */
must_check int cache_clear(const char *folder, size_t *ret_count,
			   struct err *err);

#endif
