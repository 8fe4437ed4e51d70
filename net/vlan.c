/* SPDX-License-Identifier: Apache-2.0 */
#include "vlan.h"

#include <stdio.h>

static bool has(const struct vlan_set *set, uint32_t vlan)
{
	return set->bits[vlan / 8] & 1U << vlan % 8;
}

void vlan_set_add(struct vlan_set *set, struct vlan_range range)
{
	for (uint32_t vlan = range.first; vlan <= range.last; vlan++)
		set->bits[vlan / 8] |= (uint8_t)(1U << vlan % 8);
}

bool vlan_set_next(const struct vlan_set *set, uint32_t from,
		   struct vlan_range *ret)
{
	uint32_t first = from, last;

	while (first <= VLAN_LAST && !has(set, first))
		first++;
	if (first > VLAN_LAST)
		return false;
	for (last = first; last < VLAN_LAST && has(set, last + 1);)
		last++;
	*ret = (struct vlan_range){ first, last };
	return true;
}

bool vlan_set_is_empty(const struct vlan_set *set)
{
	struct vlan_range range;

	return !vlan_set_next(set, VLAN_FIRST, &range);
}

/* Takes a number off the text; 0 where there is none, or none of a VLAN. */
static uint32_t take_number(const char **at, const char *end)
{
	uint32_t number = 0;

	if (*at == end || **at == '0')
		return 0;
	while (*at < end && **at >= '0' && **at <= '9' && number <= VLAN_LAST)
		number = number * 10 + (uint32_t)(*(*at)++ - '0');
	return number <= VLAN_LAST ? number : 0;
}

static bool take_range(const char **at, const char *end, struct vlan_range *ret)
{
	ret->first = take_number(at, end);
	ret->last = ret->first;
	if (*at < end && **at == '-') {
		(*at)++;
		ret->last = take_number(at, end);
	}
	return ret->first && ret->first <= ret->last;
}

bool vlan_set_parse(const char *text, size_t len, struct vlan_set *ret)
{
	const char *at = text, *end = text + len;
	struct vlan_set set = { 0 };
	struct vlan_range range;

	for (;;) {
		if (!take_range(&at, end, &range))
			return false;
		vlan_set_add(&set, range);
		if (at == end)
			break;
		if (*at++ != ':')
			return false;
	}
	*ret = set;
	return true;
}

size_t vlan_set_format(const struct vlan_set *set, char *ret, size_t room)
{
	struct vlan_range range = { 0 };
	size_t len = 0;

	if (room)
		*ret = '\0';
	while (vlan_set_next(set, range.last + 1, &range)) {
		size_t left = len < room ? room - len : 0;

		len += (size_t)snprintf(
			left ? ret + len : NULL, left,
			range.first < range.last ? "%s%u-%u" : "%s%u",
			len ? ":" : "", range.first, range.last);
	}
	return len;
}
