/* SPDX-License-Identifier: Apache-2.0 */
/* Disks: each a -drive and, after it, its -device. */
#ifndef XKVM_PLAN_DISK_H
#define XKVM_PLAN_DISK_H

#include "plan/machine.h"
#include "plan/plan.h"

must_check int disk_add_all(struct plan *plan, const struct run_spec *spec,
			    const struct facts *facts,
			    const struct machine *machine, struct err *err);

/* The absolute path of the first disk that this guest can change, or NULL.
 * Belongs to `facts`. */
const char *disk_first_writable(const struct run_spec *spec,
				const struct facts *facts);

#endif
