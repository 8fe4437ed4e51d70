/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <string.h>

void hash_bytes(struct hash *h, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		h->state = (h->state ^ bytes[i]) * UINT64_C(0x100000001b3);
}

void hash_str(struct hash *h, const char *s)
{
	hash_bytes(h, s, strlen(s) + 1);
}

void hash_u32(struct hash *h, uint32_t value)
{
	const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8),
				  (uint8_t)(value >> 16),
				  (uint8_t)(value >> 24) };

	hash_bytes(h, bytes, sizeof(bytes));
}

/* So that the low bits depend on all of the input. */
uint64_t hash_end(const struct hash *h)
{
	uint64_t x = h->state;

	x = (x ^ (x >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ (x >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ (x >> 33);
}
