/* SPDX-License-Identifier: Apache-2.0 */
/* That no two guests on a bridge have the same MAC. */
#ifndef XKVM_NET_NIC_MAC_H
#define XKVM_NET_NIC_MAC_H

#include "nic.h"

/* Does an earlier NIC of the request have the MAC of NIC `i`, on its bridge? */
must_check int nic_mac_check_asked(const struct nic_list *list, unsigned int i,
				   struct fail *fail);

/*
 * Does a port of one of the Linux bridges belong to a guest with the MAC of one
 * of the NICs? Asked when the taps are already ports, so that of two who ask at
 * the same time for the same MAC at least one sees the other; and once for each
 * bridge, since its ports may be many. On failure `*ret_nic` is the NIC at
 * fault.
 */
must_check int nic_mac_check_ports(struct link_socket *s,
				   const struct nic_list *list,
				   unsigned int *ret_nic, struct fail *fail);

/* Is no earlier NIC of the request on the same Linux bridge? */
bool nic_is_first_on_bridge(const struct nic_list *list, unsigned int i);

#endif
