/* SPDX-License-Identifier: Apache-2.0 */
/* KVM or TCG. */
#ifndef XKVM_PLAN_ACCEL_H
#define XKVM_PLAN_ACCEL_H

#include "plan/plan.h"

/*
 * Decides and adds `-accel`; adds nothing where the user's own arguments name
 * an accelerator. *ret is what QEMU will run with, ACCEL_AUTO where that is
 * the user's doing. Falling back to TCG on the host's own architecture comes
 * with a note.
 */
must_check int accel_add(struct plan *plan, const struct run_spec *spec,
			 const struct facts *facts, const char *guest_arch,
			 enum accel *ret, struct err *err);

#endif
