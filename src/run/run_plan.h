/* SPDX-License-Identifier: Apache-2.0 */
/* Carrying a plan out: the only way from a plan to a guest. */
#ifndef XKVM_RUN_RUN_PLAN_H
#define XKVM_RUN_RUN_PLAN_H

#include "plan/plan.h"
#include "run/outcome.h"
#include "run/report.h"

/*
 * Prepares, starts QEMU, and waits for its end. On failure QEMU was not
 * started, or has ended, and what was made for it is gone. Call it once, from
 * the main thread. What is to be told meanwhile goes to `report`; *ret is for
 * outcome_done(). Where the plan says that this process becomes QEMU, it
 * returns only when that failed, or a signal came before.
 */
must_check int run_plan(const struct plan *plan,
			const struct run_report *report, struct outcome *ret,
			struct err *err);

#endif
