/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of wire.h as values. Pure: bytes in, a value out, and back.
 *
 * Requests and answers go by one pair of tables, so what is written here can
 * be read here.
 */
#ifndef XKVM_NET_MESSAGE_H
#define XKVM_NET_MESSAGE_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verb {
	VERB_HELLO,
	VERB_ADD,
	VERB_GO,
	VERB_COMMIT,
	VERB_OK,
	VERB_ERR,
	VERB_DONE,
};

/* In the order in which message_encode() writes them. */
enum key {
	KEY_V,
	KEY_BRIDGE,
	KEY_ATTACH,
	KEY_QUEUES,
	KEY_MAC,
	KEY_VM,
	KEY_PERSIST,
	KEY_OWNER,
	KEY_IF,
	KEY_IFINDEX,
	KEY_TYPE,
	KEY_MTU,
	KEY_CODE,
	KEY_NIC,
	KEY_MSG,
	KEY_COUNT,
};

#define KEY_BIT(key) (1U << (key))

enum attach_type {
	ATTACH_LINUX, /* a port of a Linux bridge */
	ATTACH_NONE,
};

/* What an ADD asks for. */
struct add {
	enum attach_type attach;
	char bridge[NET_NAME_MAX + 1]; /* empty with ATTACH_NONE */
	uint32_t queues;
	bool has_mac;
	uint8_t mac[6];
	char vm[NET_VM_MAX + 1]; /* empty: not given */
	bool persist;
	uint32_t owner; /* with persist */
};

struct message {
	enum verb verb;
	unsigned int keys; /* KEY_BIT()s of the keys that it has */
	/* The member that belongs to the verb; the others are zero. */
	uint32_t version;
	struct add add;
	struct {
		char name[NET_NAME_MAX + 1];
		uint32_t ifindex;
		enum attach_type type;
		uint32_t mtu;
	} ok;
	struct {
		enum fail_code code;
		uint32_t nic;
		char text[NET_TEXT_MAX + 1];
	} err;
};

/*
 * Reads a datagram of `len` bytes, which needs no terminator. What it does not
 * name is zero in `*ret`, but for `queues`, then 1. A failure is FAIL_PROTO.
 */
must_check int message_parse(const char *data, size_t len, struct message *ret,
			     struct fail *fail);

/*
 * Writes the keys that `message->keys` names, and returns the length. The
 * message must be one that message_parse() would accept; it then always fits.
 */
size_t message_encode(const struct message *message,
		      char ret[static NET_DATAGRAM_MAX]);

#endif
