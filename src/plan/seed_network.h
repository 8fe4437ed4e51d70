/* SPDX-License-Identifier: Apache-2.0 */
/* Network-config: how the guest's NICs get their addresses. */
#ifndef XKVM_PLAN_SEED_NETWORK_H
#define XKVM_PLAN_SEED_NETWORK_H

#include "base/strbuf.h"
#include "plan/seed.h"

/* -EINVAL where it is of neither version that cloud-init knows. */
must_check int seed_network_check(const struct seed_text *text,
				  struct err *err);

/*
 * Appends one of version 2: DHCP on each NIC, which is told by its address, so
 * that it has whatever name the guest gives it. IPv6 is as the router says
 * (cloud-init's "dhcp6" would wait where there is no server). Only for the
 * first NIC the boot waits.
 */
void seed_network_add(struct strbuf *sb, const struct seed_nic *nics,
		      size_t count);

#endif
