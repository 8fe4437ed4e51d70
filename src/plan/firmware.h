/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware and its variables: --bios, --uefi and what says more about it. */
#ifndef XKVM_PLAN_FIRMWARE_H
#define XKVM_PLAN_FIRMWARE_H

#include "plan/firmware_choice.h"
#include "plan/machine.h"
#include "plan/plan.h"
#include "plan/questions.h"

/* Adds what firmware_add() wants to know: first what the spec tells, then, with
 * the descriptors among the facts, the files that those name. */
void firmware_questions(const struct run_spec *spec,
			const struct machine *machine, struct questions *q);
void firmware_file_questions(const struct run_spec *spec,
			     const struct facts *facts,
			     const struct machine *machine, struct strv *files);

/*
 * The path of the store of variables that is kept, NULL where none is: that of
 * --uefi-nvram, or the one beside the first disk. Owned by the caller.
 */
must_check int firmware_store_path(const struct run_spec *spec,
				   const struct facts *facts, char **ret,
				   struct err *err);

/* The store as it is, NULL where there is none yet. -EINVAL where it cannot be
 * one. `path` may be NULL. */
must_check int firmware_store(const struct facts *facts, const char *path,
			      const struct file_facts **ret, struct err *err);

/*
 * Adds the flash drives, code first. The code is read-only; the variables are
 * the user's file (created from the template when it does not exist), or a
 * private copy that goes with the run. What the machine needs for the firmware
 * stands before them.
 */
must_check int firmware_add(struct plan *plan, const struct run_spec *spec,
			    const struct facts *facts,
			    const struct machine *machine, struct err *err);

#endif
