/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash of 64 bits, of what must be the same at the next start: addresses,
 * instance ids. It does not change from one release to the next, and withstands
 * nobody who looks for a collision.
 *
 *	struct hash h = HASH_INIT;
 *
 *	hash_str(&h, name);
 *	number = hash_end(&h);
 */
#ifndef XKVM_BASE_HASH_H
#define XKVM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a. */
struct hash {
	uint64_t state;
};

#define HASH_INIT                            \
	{                                    \
		UINT64_C(0xcbf29ce484222325) \
	}

void hash_bytes(struct hash *h, const void *data, size_t len);

/* With its terminator, so that "ab","c" differs from "a","bc". */
void hash_str(struct hash *h, const char *s);

void hash_u32(struct hash *h, uint32_t value);

/* Of all that was added; more can be added still. */
uint64_t hash_end(const struct hash *h);

#endif
