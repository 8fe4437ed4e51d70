/* SPDX-License-Identifier: Apache-2.0 */
#include "message_types.h"

#include "tag.h"

#include <stdio.h>

static int print_vlans(const struct vlan_set *set, const struct key_type *type,
		       char *at, size_t room)
{
	size_t len = (size_t)snprintf(at, room, " %s=", type->name);

	return (int)(len + vlan_set_format(set, at + len, room - len));
}

/* Writes " key=value" and returns its length. */
static int print_pair(const struct message *message,
		      const struct key_type *type, char *at, size_t room)
{
	const void *value = (const char *)message + type->offset;
	char mac[MAC_TEXT_SIZE];

	switch (type->kind) {
	case KIND_NUMBER:
		return snprintf(at, room, " %s=%u", type->name,
				*(const uint32_t *)value);
	case KIND_TEXT:
	case KIND_TAP:
		return snprintf(at, room, " %s=%s", type->name,
				(const char *)value);
	case KIND_WORD:
		return snprintf(at, room, " %s=%s", type->name,
				type->words[*(const uint32_t *)value]);
	case KIND_MAC:
		mac_format(value, mac);
		return snprintf(at, room, " %s=%s", type->name, mac);
	case KIND_FLAG:
		return snprintf(at, room, " %s=%u", type->name, type->max);
	case KIND_VLANS:
		return print_vlans(value, type, at, room);
	}
	__builtin_unreachable();
}

size_t message_encode(const struct message *message,
		      char ret[static NET_DATAGRAM_MAX])
{
	size_t len = (size_t)snprintf(ret, NET_DATAGRAM_MAX, "%s",
				      verb_names[message->verb]);

	for (enum key key = 0; key < KEY_COUNT; key++)
		if (message->keys & KEY_BIT(key))
			len += (size_t)print_pair(message, &key_types[key],
						  ret + len,
						  NET_DATAGRAM_MAX - len);
	return len;
}
