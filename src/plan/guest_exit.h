/* SPDX-License-Identifier: Apache-2.0 */
/* --guest-exit: the device by which a guest ends with a status of its own. */
#ifndef XKVM_PLAN_GUEST_EXIT_H
#define XKVM_PLAN_GUEST_EXIT_H

#include "plan/machine.h"

/* Adds it; nothing where it was not asked for, or the machine has it. -EINVAL
 * where there is none for the architecture. */
must_check int guest_exit_add(struct plan *plan, const struct run_spec *spec,
			      const struct machine *machine, struct err *err);

#endif
