/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interfaces that are removed together. Each removal waits until no processor
 * can be using the interface any more, which takes some 20 ms; one of a whole
 * group waits once.
 */
#ifndef XKVM_NET_LINK_GROUP_H
#define XKVM_NET_LINK_GROUP_H

#include "link.h"

/*
 * Chooses a group at random, of numbers so high that nobody counts up to them.
 * Should another have it all the same, link_group_delete() sees that.
 */
must_check int link_group_choose(uint32_t *ret);

/*
 * Deletes all interfaces of a group in one request. -EXDEV: one of them is not
 * meant, and none was deleted.
 */
must_check int link_group_delete(struct link_socket *s, uint32_t group,
				 bool (*is_meant)(const struct link *link,
						  const void *context),
				 const void *context);

#endif
