/* SPDX-License-Identifier: Apache-2.0 */
/* The tables by which messages are read and written; message.h is for others.
 */
#ifndef XKVM_NET_MESSAGE_TYPES_H
#define XKVM_NET_MESSAGE_TYPES_H

#include "message.h"

enum kind {
	KIND_NUMBER, /* uint32_t from min to max */
	KIND_TEXT, /* char [max + 1] */
	KIND_TAP, /* the same, a name for a tap */
	KIND_WORD, /* an enum: the word's number in `words`, from min up */
	KIND_MAC, /* uint8_t [6] */
	KIND_FLAG, /* bool: given; its only value is max */
	KIND_VLANS, /* struct vlan_set */
};

struct key_type {
	const char *name;
	enum kind kind;
	size_t offset; /* in struct message */
	uint32_t min;
	uint32_t max;
	const char *const *words; /* ends with NULL */
};

extern const struct key_type key_types[KEY_COUNT];

extern const char *const verb_names[VERB_COUNT];

#endif
