/* SPDX-License-Identifier: Apache-2.0 */
/* --kernel: what QEMU loads before the machine starts, and what the kernel is
 * told. */
#ifndef XKVM_PLAN_KERNEL_H
#define XKVM_PLAN_KERNEL_H

#include "plan/fast.h"
#include "plan/plan.h"

void kernel_questions(const struct run_spec *spec, struct strv *files);

/* Whether the files are what can be read. -EINVAL, with the option's name. */
must_check int kernel_check(const struct run_spec *spec,
			    const struct facts *facts, struct err *err);

/* Adds -kernel, -initrd and -append, or nothing where there is no --kernel. */
void kernel_add(struct plan *plan, const struct run_spec *spec,
		const struct machine *machine, const struct fast *fast);

#endif
