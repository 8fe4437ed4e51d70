/* SPDX-License-Identifier: Apache-2.0 */
/* Which bridge an ADD means, and whether it can do what the ADD asks. */
#ifndef XKVM_NET_NIC_TARGET_H
#define XKVM_NET_NIC_TARGET_H

#include "nic.h"

/*
 * Finds the bridge of a NIC: its kind, the MTU that the tap is to have, and for
 * a Linux bridge all that nic.h says of it. Open vSwitch is asked only where it
 * may be meant, and once for all NICs. A Linux bridge whose type was not given
 * is taken without its answer, too, if Open vSwitch is not there, or does not
 * speak to us, or not within a second.
 */
must_check int nic_target_find(struct link_socket *s, struct ovs *ovs,
			       struct nic *nic, int64_t deadline,
			       struct fail *fail);

#endif
