/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest's serial console, where it is to be watched: QEMU gets a socket for
 * its first serial port, and this process is at the other end. Where nothing
 * asks for that, the plan is as if there were no such thing.
 */
#ifndef XKVM_PLAN_CONSOLE_H
#define XKVM_PLAN_CONSOLE_H

#include "plan/plan.h"

/* Whether something asks for it: somebody looks at the serial port, then. */
bool console_is_wanted(const struct run_spec *spec);

/* Call it when all else is in the plan but the user's own arguments. -EINVAL
 * where something needs the console and an argument after '--' takes it. */
must_check int console_add(struct plan *plan, const struct run_spec *spec,
			   const struct facts *facts, struct err *err);

#endif
