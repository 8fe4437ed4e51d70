/* SPDX-License-Identifier: Apache-2.0 */
/* NICs: each a -device and, after it, its -netdev. */
#ifndef XKVM_PLAN_NIC_H
#define XKVM_PLAN_NIC_H

#include "plan/machine.h"
#include "plan/plan.h"

/* Adds all NICs of the spec, or the default one where it has none: a NIC on
 * DEFAULT_BRIDGE where that exists, else on the user network, with a note. */
must_check int nic_add_all(struct plan *plan, const struct run_spec *spec,
			   const struct facts *facts,
			   const struct machine *machine, struct err *err);

#endif
