/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of this host that lead to a guest on the user network. */
#ifndef XKVM_PLAN_FORWARD_H
#define XKVM_PLAN_FORWARD_H

#include "base/strbuf.h"
#include "plan/plan.h"

/* Adds what fwd= of the NIC asks for to its `netdev`, and all of its forwards
 * to the plan. Fails where a port cannot be had, and says who has it. */
must_check int forward_add_all(struct plan *plan, struct strbuf *netdev,
			       const struct nic_spec *nic, const char *id,
			       const struct facts *facts, struct err *err);

/* Adds one that needs no check to both. */
void forward_add(struct plan *plan, struct strbuf *netdev, const char *id,
		 const struct fwd_spec *fwd);

#endif
