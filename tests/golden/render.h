/* SPDX-License-Identifier: Apache-2.0 */
/* What plan.txt holds. */
#ifndef XKVM_GOLDEN_RENDER_H
#define XKVM_GOLDEN_RENDER_H

#include "plan/plan.h"

/*
 * The whole plan, a line for each decision: first QEMU's command line, quoted
 * for a shell, each option with its value on a line; after an empty line what
 * else will be done, and how much of it is shown. Owned by the caller.
 */
char *render_plan(const struct plan *plan, const struct run_spec *spec);

/* "error STATUS: MESSAGE", the status being xkvm's. Owned by the caller. */
char *render_error(const struct err *err);

#endif
