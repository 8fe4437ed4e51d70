/* SPDX-License-Identifier: Apache-2.0 */
/* The name that a client has chosen for the tap of a NIC. */
#ifndef XKVM_NET_NIC_NAME_H
#define XKVM_NET_NIC_NAME_H

#include "nic.h"

/*
 * Is it free? What else has it, the kernel and Open vSwitch say, where that is
 * where the tap goes, or has been asked already. For a NIC whose bridge is
 * found. When the tap is made, the kernel has the last word.
 */
must_check int nic_name_check(struct link_socket *s, struct ovs *ovs,
			      const struct nic *nic, int64_t deadline,
			      struct fail *fail);

#endif
