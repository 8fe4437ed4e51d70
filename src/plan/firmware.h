/* SPDX-License-Identifier: Apache-2.0 */
/* Flash drives: --bios, --uefi and --uefi-nvram. */
#ifndef XKVM_PLAN_FIRMWARE_H
#define XKVM_PLAN_FIRMWARE_H

#include "plan/machine.h"
#include "plan/plan.h"

/* Adds the paths that firmware_add() wants to know about. */
void firmware_questions(const struct run_spec *spec,
			const struct machine *machine, struct strv *files);

/*
 * Adds the flash drives, code first. The code is read-only; the variables are
 * the user's file (created from the template when it does not exist), or a
 * private copy that goes with the run.
 */
must_check int firmware_add(struct plan *plan, const struct run_spec *spec,
			    const struct facts *facts,
			    const struct machine *machine, struct err *err);

#endif
