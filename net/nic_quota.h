/* SPDX-License-Identifier: Apache-2.0 */
/* The quota of the access list, for a NIC: permit.h has how it is kept. */
#ifndef XKVM_NET_NIC_QUOTA_H
#define XKVM_NET_NIC_QUOTA_H

#include "nic.h"

/*
 * Is there room for `n` more taps of the client on the bridge of a NIC, which
 * is known by now? For none: is the quota kept? Asks Open vSwitch about its own
 * bridges, and the kernel about the others.
 */
must_check int nic_quota_check(struct link_socket *s, struct ovs *ovs,
			       const struct permit *permit,
			       const struct nic *nic, unsigned int n,
			       int64_t deadline, struct fail *fail);

#endif
