/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The taps that rows of Open vSwitch's database are about. A row may outlive
 * its tap: that one is there, only the kernel knows.
 */
#ifndef XKVM_NET_OVS_TAPS_H
#define XKVM_NET_OVS_TAPS_H

#include "ovs.h"

/*
 * Looks at the tap of a row with this name and these external_ids. Returns 0;
 * -ENODEV where it is there no more, or the row is not of a tap of ours;
 * another -errno where the kernel does not say.
 */
must_check int ovs_tap_get(struct link_socket *links, const char *name,
			   const json_t *tags, struct link *ret);

/* Is it there? Yes, if the kernel does not say. */
bool ovs_has_tap(struct link_socket *links, const char *name,
		 const json_t *tags);

/*
 * Lists the taps of a user that are there, and ports of the bridge. Writes the
 * first `size` of them, and returns how many there are, or -1.
 */
must_check int ovs_taps_list(struct ovs *ovs, struct link_socket *links,
			     const char *bridge, uid_t uid, int64_t deadline,
			     struct link *ret, unsigned int size,
			     struct fail *fail);

#endif
