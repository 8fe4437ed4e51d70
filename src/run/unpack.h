/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacks by libarchive, which knows all that kernels are packed with. It is
 * loaded only here: with what it needs itself it takes several milliseconds,
 * which no other run is to pay.
 */
#ifndef XKVM_RUN_UNPACK_H
#define XKVM_RUN_UNPACK_H

#include "base/mem.h"

/*
 * Unpacks `packed` into exactly `size` bytes at `ret`. -EBADMSG where that is
 * not what it holds, -ENOTSUP where it is packed in an unknown way or
 * libarchive cannot be loaded.
 */
must_check int unpack(const void *packed, size_t len, void *ret, size_t size,
		      struct err *err);

#endif
