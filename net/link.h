/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network interfaces, by rtnetlink. Mechanism only: what is a fault, and what
 * to say about it, is its callers' to decide. Functions return 0 or -errno;
 * what the kernel said beyond the errno is in `reason` then.
 */
#ifndef XKVM_NET_LINK_H
#define XKVM_NET_LINK_H

#include "fail.h"
#include "tag.h"

#include <stdbool.h>
#include <stdint.h>

struct mnl_socket;

struct link_socket {
	struct mnl_socket *socket; /* owned; NULL: closed */
	uint32_t sequence;
	char reason[128]; /* of the last request; empty: none */
};

/* What the kernel says about an interface. */
struct link {
	uint32_t index;
	uint32_t mtu;
	uint32_t master; /* its bridge; 0: none */
	uint32_t group; /* of interfaces; 0: as it is made */
	bool is_up;
	bool is_loopback;
	bool has_carrier; /* of a tap: somebody has a descriptor of it */
	bool is_persistent; /* a tap that outlives its descriptors */
	bool filters_vlans; /* a bridge */
	uint8_t mac[6]; /* zero: none, or not Ethernet */
	char name[NET_NAME_MAX + 1];
	char kind[32]; /* "bridge", "veth", ...; empty: none */
	char alias[TAG_SIZE];
};

/* How to set up a new tap; it stays down. */
struct link_setup {
	uint8_t mac[6];
	uint32_t mtu; /* 0: as it is */
	uint32_t master; /* 0: no bridge */
	uint32_t group; /* 0: as it is */
	const char *alias;
};

must_check int link_open(struct link_socket *ret);
void link_close(struct link_socket *s);

/* -ENODEV: there is none. A name may also be one of its other names. */
must_check int link_get_by_name(struct link_socket *s, const char *name,
				struct link *ret);
must_check int link_get_by_index(struct link_socket *s, uint32_t index,
				 struct link *ret);

/*
 * Looks for a port of a bridge. Returns 1 and writes one that matches, 0 where
 * none does.
 */
must_check int link_find_port(struct link_socket *s, uint32_t bridge,
			      bool (*matches)(const struct link *port,
					      const void *context),
			      const void *context, struct link *ret);

/*
 * Lists the interfaces that match, of one moment: the ports of a bridge, or,
 * with 0, all. Writes the first `size` of them, and returns how many there are.
 */
must_check int
link_list(struct link_socket *s, uint32_t bridge,
	  bool (*matches)(const struct link *link, const void *context),
	  const void *context, struct link *ret, unsigned int size);

/* Applies a setup in one request; the interface makes no IPv6 address of its
 * own from then on. */
must_check int link_set_up_tap(struct link_socket *s, uint32_t index,
			       const struct link_setup *setup);

must_check int link_set_mac(struct link_socket *s, uint32_t index,
			    const uint8_t mac[6]);

must_check int link_set_mtu(struct link_socket *s, uint32_t index,
			    uint32_t mtu);

must_check int link_bring_up(struct link_socket *s, uint32_t index);

must_check int link_delete(struct link_socket *s, uint32_t index);

/*
 * Opens a socket that becomes readable when an interface comes, changes or
 * goes. It is for nothing else.
 */
must_check int link_watch_open(struct link_socket *ret);

/*
 * Reads what has come, without waiting, and calls `handle` with each interface
 * that it is about. -ENOBUFS: something was lost, anything may have happened.
 */
must_check int link_watch_read(struct link_socket *s,
			       void (*handle)(uint32_t index, void *context),
			       void *context);

#endif
