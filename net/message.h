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
#include "vlan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verb {
	VERB_HELLO,
	VERB_ADD,
	VERB_GO,
	VERB_COMMIT,
	VERB_GC,
	VERB_OK,
	VERB_ERR,
	VERB_GONE,
	VERB_DONE,
	VERB_COUNT,
};

/* In the order in which message_encode() writes them. Where verbs have keys of
 * one name, these are others: type= and mtu= of an ADD and an OK, if= of an OK
 * and a GONE, bridge= of an ADD and a GONE. */
enum key {
	KEY_V,
	KEY_BRIDGE,
	KEY_ATTACH,
	KEY_WANT_TYPE,
	KEY_QUEUES,
	KEY_MAC,
	KEY_VM,
	KEY_VLAN,
	KEY_TRUNKS,
	KEY_WANT_MTU,
	KEY_IFACE_ID,
	KEY_ISOLATED,
	KEY_LEARNING,
	KEY_TAP,
	KEY_PERSIST,
	KEY_OWNER,
	KEY_LIFELINE,
	KEY_DRY,
	KEY_WHAT,
	KEY_GONE_IF,
	KEY_GONE_BRIDGE,
	KEY_IF,
	KEY_IFINDEX,
	KEY_TYPE,
	KEY_MTU,
	KEY_PORT,
	KEY_CODE,
	KEY_NIC,
	KEY_MSG,
	KEY_COUNT,
};

#define KEY_BIT(key) (1U << (key))

enum attach_type {
	ATTACH_ANY, /* to whatever bridge has that name */
	ATTACH_LINUX, /* a port of a Linux bridge */
	ATTACH_OVS, /* a port of a bridge of Open vSwitch */
	ATTACH_NONE,
};

/* What a GONE is about. */
enum gone_kind {
	GONE_TAP,
	GONE_PORT, /* of Open vSwitch: a row of its database */
};

/* What an ADD asks for. */
struct add {
	enum attach_type attach;
	char bridge[NET_NAME_MAX + 1]; /* empty with ATTACH_NONE */
	uint32_t queues;
	bool has_mac;
	uint8_t mac[6];
	char vm[NET_VM_MAX + 1]; /* empty: not given */
	uint32_t vlan; /* 0: not given */
	struct vlan_set trunks; /* empty: not given */
	uint32_t mtu; /* 0: not given */
	char iface_id[NET_IFACE_ID_MAX + 1]; /* empty: not given */
	bool is_isolated;
	bool has_no_learning;
	char tap[NET_NAME_MAX + 1]; /* empty: a name of its own */
	bool persist;
	uint32_t owner; /* with persist */
};

struct message {
	enum verb verb;
	unsigned int keys; /* KEY_BIT()s of the keys that it has */
	/* The member that belongs to the verb; the others are zero. */
	uint32_t version;
	struct add add;
	bool has_lifeline; /* of a COMMIT */
	bool is_dry; /* of a GC */
	struct {
		enum gone_kind what;
		char name[NET_NAME_MAX + 1];
		char bridge[NET_NAME_MAX + 1]; /* empty: none */
	} gone;
	struct {
		char name[NET_NAME_MAX + 1];
		uint32_t ifindex;
		enum attach_type type;
		uint32_t mtu;
		char port[NET_UUID_SIZE]; /* with ATTACH_OVS */
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
