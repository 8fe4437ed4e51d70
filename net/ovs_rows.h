/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations on Open vSwitch's tables that add ports, find them again and
 * remove them. Pure: values in, JSON out; NULL where memory is short. What
 * they return is the caller's.
 *
 * The Port and the Interface of a tap carry in external_ids
 *
 *	xkvm-id		32 random hex digits: of one request of a client
 *	xkvm-uid	the client's uid
 *	xkvm-boot	the boot id of the kernel that has the tap
 *	xkvm-network	the cookie (SO_NETNS_COOKIE) of the tap's network
 *			namespace, which that kernel gives no other one;
 *			absent where the kernel has none
 *	xkvm-ifindex	the tap's
 *	xkvm-bridge	its bridge
 *
 * and nothing without an xkvm-id is ever removed. The Interface has besides
 * what is known of attached-mac, vm-id and iface-id, where OVN and other
 * controllers look for them.
 */
#ifndef XKVM_NET_OVS_ROWS_H
#define XKVM_NET_OVS_ROWS_H

#include "vlan.h"
#include "wire.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define OVS_ID_SIZE 33
#define OVS_BOOT_SIZE 37
#define OVS_NETWORK_SIZE 21

/* Whose ports they are. */
struct ovs_owner {
	char id[OVS_ID_SIZE];
	char boot[OVS_BOOT_SIZE];
	char network[OVS_NETWORK_SIZE]; /* empty: not known */
	uid_t uid;
};

/* A port to add. Nothing is owned. */
struct ovs_port {
	const char *name; /* of the tap */
	const char *bridge;
	uint32_t ifindex;
	uint32_t mtu; /* 0: none is asked for */
	uint32_t vlan; /* 0: none */
	const struct vlan_set *trunks; /* empty: none */
	const char *iface_id; /* empty: none */
	const char *mac; /* the guest's, lower case; empty: not known */
	const char *vm; /* empty: not known */
	/* All are texts that ovs_rows_take_text(). */
};

/*
 * Adds `count` ports in one transaction, which fails where a bridge is not
 * there, and tells the switch. For each port OVS_ROWS_PER_PORT operations, in
 * the order of ovs_rows_part; then those of ovs_rows_end; then for each port
 * with a MAC, in order, a select of the names and the tags of the Interfaces
 * that have that MAC on its bridge: its own, and any other.
 */
json_t *ovs_rows_add(const struct ovs_owner *owner,
		     const struct ovs_port *ports, size_t count);

enum ovs_rows_part {
	OVS_ROWS_BRIDGE, /* awaits it: "timed out" where there is none */
	OVS_ROWS_INTERFACE, /* inserted */
	OVS_ROWS_PORT, /* inserted */
	OVS_ROWS_JOIN,
	OVS_ROWS_PER_PORT,
};

enum ovs_rows_end {
	OVS_ROWS_REQUEST, /* one more change is asked for: next_cfg */
	OVS_ROWS_NUMBER, /* a select of that next_cfg */
	OVS_ROWS_ENDS,
};

/*
 * Waits up to `timeout` ms until neither an Interface nor a Port has the name,
 * and then tells the switch. The operations are those of ovs_rows_free.
 */
json_t *ovs_rows_await_free(const char *name, int timeout);

enum ovs_rows_free {
	OVS_ROWS_FREE_INTERFACE, /* "timed out" where there is one; likewise */
	OVS_ROWS_FREE_PORT,
	OVS_ROWS_FREE_REQUEST, /* as OVS_ROWS_REQUEST; likewise */
	OVS_ROWS_FREE_NUMBER,
	OVS_ROWS_FREE_ENDS,
};

/* Selects what the switch has made of an Interface: ofport, error. */
json_t *ovs_rows_verify(const char *const *interfaces, size_t count);

/* Selects the _uuid of the Ports of a request; of all its taps, or of one. */
json_t *ovs_rows_find(const char *id, const char *name);

/* Selects _uuid, name and external_ids of all Ports. */
json_t *ovs_rows_list(void);

/* Selects name and external_ids of the Interfaces of a user's taps on a bridge.
 */
json_t *ovs_rows_of_user(const char *bridge, uid_t uid);

/* Takes Ports off their bridges, and tells the switch. */
json_t *ovs_rows_remove(const char *const *ports, size_t count);

/* Can the database hold this text? It takes UTF-8 only. */
bool ovs_rows_take_text(const char *text);

/* Selects the names of all bridges. */
json_t *ovs_rows_bridges(void);

#endif
