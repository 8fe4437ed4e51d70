/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/guest_mac.h"

#include "base/hash.h"
#include "plan/disk.h"

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

struct mac guest_mac_random(const struct facts *facts, unsigned int number)
{
	struct hash h = HASH_INIT;

	hash_bytes(&h, &facts->random, sizeof(facts->random));
	hash_u32(&h, number);
	return mac_from(h);
}

struct mac guest_mac_stable(const struct run_spec *spec,
			    const struct facts *facts, unsigned int number)
{
	const char *name = spec->passthrough.guest_name;
	const char *disk = name ? NULL : disk_first_writable(spec, facts);
	struct hash h = HASH_INIT;

	if (!name && !disk)
		return guest_mac_random(facts, number);
	hash_str(&h, facts->machine_id ? facts->machine_id : "");
	hash_u32(&h, facts->uid);
	hash_str(&h, name ? "name" : "disk");
	hash_str(&h, name ? name : disk);
	hash_u32(&h, number);
	return mac_from(h);
}

static bool is_qemus(const struct nic_spec *nic)
{
	return nic->mac_kind == NIC_MAC_AUTO ||
	       (nic->mac_kind == NIC_MAC_DEFAULT && nic->kind != NIC_BRIDGE);
}

static bool is_given(const struct run_spec *spec, const struct mac *mac)
{
	for (size_t i = 0; i < spec->nic_count; i++)
		if (spec->nics[i].mac_kind == NIC_MAC_GIVEN &&
		    mac_equal(&spec->nics[i].mac, mac))
			return true;
	return false;
}

/* QEMU counts from 52:54:00:12:34:56, and leaves out what was given to a NIC
 * before; here, to any. */
static struct mac mac_of_qemu(const struct run_spec *spec, unsigned int number)
{
	struct mac mac = { { 0x52, 0x54, 0x00, 0x12, 0x34, 0x55 } };

	for (size_t i = 0; i <= number; i++) {
		if (i < spec->nic_count && !is_qemus(&spec->nics[i]))
			continue;
		do
			mac.octets[5]++;
		while (is_given(spec, &mac));
	}
	return mac;
}

bool guest_mac_choose(const struct run_spec *spec, const struct nic_spec *nic,
		      const struct facts *facts, unsigned int number,
		      struct mac *ret)
{
	if (nic->mac_kind == NIC_MAC_GIVEN)
		*ret = nic->mac;
	else if (nic->mac_kind == NIC_MAC_RANDOM)
		*ret = guest_mac_random(facts, number);
	else if (!is_qemus(nic))
		*ret = guest_mac_stable(spec, facts, number);
	else if (spec->cloud_init.is_asked)
		*ret = mac_of_qemu(spec, number);
	else
		return false; /* the guest is alone on a user network */
	return true;
}
