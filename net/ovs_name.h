/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A name that may have been a port's before. Open vSwitch keeps the row of a
 * port whose tap is gone, and takes no packet from a new tap of that name,
 * though it says that all is well. So no row may have the name, and the switch
 * must have let go of the row that did before there is a new one.
 */
#ifndef XKVM_NET_OVS_NAME_H
#define XKVM_NET_OVS_NAME_H

#include "ovs.h"

/*
 * Waits until no port has the name, as long as a guardian takes to remove that
 * of a guest which has just ended; then, if `is_port` says that it will be one
 * again, for the switch. Only after ovs_ask().
 */
must_check int ovs_name_await(struct ovs *ovs, const char *name, bool is_port,
			      int64_t deadline, struct fail *fail);

#endif
