/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a port of a Linux bridge does beyond passing frames. Mechanism only, as
 * link.h: functions return 0 or -errno, with the kernel's reason in the socket.
 */
#ifndef XKVM_NET_BRIDGE_PORT_H
#define XKVM_NET_BRIDGE_PORT_H

#include "link.h"
#include "vlan.h"

struct bridge_port {
	uint32_t vlan; /* untagged frames belong to it; 0: none */
	struct vlan_set trunks; /* pass tagged */
	bool is_isolated; /* passes nothing to other isolated ports */
	bool has_no_learning; /* the bridge learns no address from it */
};

/*
 * Sets up the port `index`, new on its bridge. Where it has a VLAN or trunks it
 * is in no other VLAN, that which the bridge gives to new ports included.
 */
must_check int bridge_port_set_up(struct link_socket *s, uint32_t index,
				  const struct bridge_port *port);

#endif
