/* SPDX-License-Identifier: Apache-2.0 */
/* Network interfaces, asked of the kernel over rtnetlink (rtnetlink(7)). Not of
 * /sys: what is mounted there can show another network namespace. */
#ifndef XKVM_HOST_LINK_FACTS_H
#define XKVM_HOST_LINK_FACTS_H

#include "plan/facts.h"

/* Looks up every name. A kernel that does not answer leaves all of them
 * missing: the helper, which asks again, has the last word. */
void host_look_at_bridges(const struct strv *names, struct facts *facts);

#endif
