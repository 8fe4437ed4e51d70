/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/guest_mac.h"

#include <string.h>

#include "plan/disk.h"

/* FNV-1a, 64 bits, with a finisher so that the low bits depend on all of the
 * input. Addresses must not change from one release to the next: neither may
 * this. */
struct hash {
	uint64_t state;
};

static void hash_bytes(struct hash *h, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		h->state = (h->state ^ bytes[i]) * UINT64_C(0x100000001b3);
}

/* With its terminator, so that "ab","c" differs from "a","bc". */
static void hash_str(struct hash *h, const char *s)
{
	hash_bytes(h, s, strlen(s) + 1);
}

static void hash_u32(struct hash *h, uint32_t value)
{
	const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8),
				  (uint8_t)(value >> 16),
				  (uint8_t)(value >> 24) };

	hash_bytes(h, bytes, sizeof(bytes));
}

static uint64_t hash_end(const struct hash *h)
{
	uint64_t x = h->state;

	x = (x ^ (x >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ (x >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ (x >> 33);
}

static bool is_reserved(const struct mac *mac)
{
	return mac->octets[3] == 0x12 && mac->octets[4] == 0x34;
}

/* 24 bits of the hash, moved on until they fall outside the reserved range. */
static struct mac mac_from(struct hash h)
{
	for (;;) {
		uint64_t x = hash_end(&h);
		struct mac mac = { { 0x52, 0x54, 0x00, (uint8_t)(x >> 16),
				     (uint8_t)(x >> 8), (uint8_t)x } };

		if (!is_reserved(&mac))
			return mac;
		hash_u32(&h, 1);
	}
}

static struct hash hash_start(void)
{
	return (struct hash){ UINT64_C(0xcbf29ce484222325) };
}

struct mac guest_mac_random(const struct facts *facts, unsigned int number)
{
	struct hash h = hash_start();

	hash_bytes(&h, &facts->random, sizeof(facts->random));
	hash_u32(&h, number);
	return mac_from(h);
}

struct mac guest_mac_stable(const struct run_spec *spec,
			    const struct facts *facts, unsigned int number)
{
	const char *name = spec->passthrough.guest_name;
	const char *disk = name ? NULL : disk_first_writable(spec, facts);
	struct hash h = hash_start();

	if (!name && !disk)
		return guest_mac_random(facts, number);
	hash_str(&h, facts->machine_id ? facts->machine_id : "");
	hash_u32(&h, facts->uid);
	hash_str(&h, name ? "name" : "disk");
	hash_str(&h, name ? name : disk);
	hash_u32(&h, number);
	return mac_from(h);
}
