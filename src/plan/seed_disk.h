/* SPDX-License-Identifier: Apache-2.0 */
/* The disk on which cloud-init finds its seed, or else the server. */
#ifndef XKVM_PLAN_SEED_DISK_H
#define XKVM_PLAN_SEED_DISK_H

#include "plan/machine.h"
#include "plan/plan.h"

/* What cloud-init looks for. */
#define SEED_VOLUME "cidata"

/* Makes the seed, where there is one, and adds its disk. Call it when all NICs
 * are known, and after the user's disks, whose places on the bus stay. */
must_check int seed_disk_add(struct plan *plan, const struct run_spec *spec,
			     const struct facts *facts,
			     const struct machine *machine, struct err *err);

#endif
