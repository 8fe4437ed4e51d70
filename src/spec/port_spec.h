/* SPDX-License-Identifier: Apache-2.0 */
/* What was said about the port that a NIC gets on its bridge. */
#ifndef XKVM_SPEC_PORT_SPEC_H
#define XKVM_SPEC_PORT_SPEC_H

#include <stdbool.h>

#include "base/words.h"

/* VLAN 0 and 4095 are reserved (IEEE 802.1Q). */
#define VLAN_MIN 1
#define VLAN_MAX 4094
/* What the kernel lets a tap have. */
#define PORT_MTU_MIN 68
#define PORT_MTU_MAX 65521
#define IFACE_ID_MAX 128
/* IFNAMSIZ without the terminator. */
#define TAP_NAME_MAX 15

enum bridge_type {
	BRIDGE_ANY, /* what the host has by that name */
	BRIDGE_LINUX, /* bridge:NAME */
	BRIDGE_OVS, /* ovs:NAME, Open vSwitch */
};

/* Strings are owned; NULL where nothing was said. */
struct port_spec {
	enum bridge_type type;
	unsigned int vlan; /* access VLAN; 0: none */
	char *trunks; /* "A-B:C", checked */
	unsigned int mtu; /* 0: the bridge's */
	char *iface_id; /* Open vSwitch: external_ids:iface-id */
	bool is_isolated; /* Linux: from other isolated ports */
	bool is_not_learning; /* Linux: the bridge learns no address from it */
	char *tap; /* the tap's name; NULL: xkvm-net's choice */
};

/* Whether the word is about the port. */
bool port_spec_takes(const struct word *word);

/* Takes a word for which that is so. -EINVAL for a value that none can be. */
must_check int port_spec_set(struct port_spec *port, const struct word *word,
			     struct err *err);

/* -EINVAL for words that cannot stand together, such as those of the other kind
 * of bridge than its type. */
must_check int port_spec_check(const struct port_spec *port, struct err *err);

void port_spec_copy(struct port_spec *to, const struct port_spec *from);
void port_spec_done(struct port_spec *port);

#endif
