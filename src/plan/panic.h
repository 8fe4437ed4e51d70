/* SPDX-License-Identifier: Apache-2.0 */
/* --on-panic: the device by which the guest's kernel tells QEMU, and what QEMU
 * does then by itself. */
#ifndef XKVM_PLAN_PANIC_H
#define XKVM_PLAN_PANIC_H

#include "plan/machine.h"

/* Adds them, after all devices of the user's; nothing without --on-panic. */
void panic_add(struct plan *plan, const struct run_spec *spec,
	       const struct machine *machine);

#endif
