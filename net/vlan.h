/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of VLANs, and their text "1-4:7:100-110". Pure. */
#ifndef XKVM_NET_VLAN_H
#define XKVM_NET_VLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VLAN_FIRST 1
#define VLAN_LAST 4094

/* Zeroed, it is empty. */
struct vlan_set {
	uint8_t bits[(VLAN_LAST + 8) / 8];
};

struct vlan_range {
	uint32_t first;
	uint32_t last;
};

void vlan_set_add(struct vlan_set *set, struct vlan_range range);

bool vlan_set_is_empty(const struct vlan_set *set);

/*
 * Writes the first range of the set that begins at `from` or later; false where
 * there is none. Between two ranges there is always a VLAN that is in neither.
 */
bool vlan_set_next(const struct vlan_set *set, uint32_t from,
		   struct vlan_range *ret);

/*
 * Reads VLANs and ranges of them, in any order, with ':' in between. False
 * where it is something else, or empty, or a VLAN is out of bounds.
 */
bool vlan_set_parse(const char *text, size_t len, struct vlan_set *ret);

/*
 * Writes the set in ascending order, cut to `room` bytes with the terminator,
 * and returns its whole length: never more than that of a text it was read
 * from.
 */
size_t vlan_set_format(const struct vlan_set *set, char *ret, size_t room);

#endif
