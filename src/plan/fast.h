/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --fast: the quickest machine that QEMU has for a given --kernel, with the
 * disks and NICs as they are asked for. What is quicker was measured; the
 * figures are in docs/design.md.
 */
#ifndef XKVM_PLAN_FAST_H
#define XKVM_PLAN_FAST_H

#include "plan/machine.h"
#include "plan/plan.h"

struct fast {
	bool is_on; /* --fast, and nothing speaks against it */
	bool unpacks_kernel; /* QEMU gets the kernel's ELF, not the bzImage */
	bool has_scsi; /* something may need the SCSI controller */
	const char *kernel_words; /* for its command line, or NULL */
};

/* Whether the --kernel is to be looked into, and whether QEMU is to be asked
 * for its machines. */
bool fast_asks_kernel(const struct run_spec *spec,
		      const struct machine *machine);
bool fast_asks_machines(const struct run_spec *spec,
			const struct machine *machine);

/*
 * Decides. *machine, the ordinary one, becomes the one to use. Where --fast is
 * asked for and cannot be, a note says why, and all is as without it.
 */
void fast_choose(struct plan *plan, const struct run_spec *spec,
		 const struct facts *facts, enum accel accel,
		 struct machine *machine, struct fast *ret);

/* Adds what takes the screen away. */
void fast_add_output(struct plan *plan, const struct run_spec *spec,
		     const struct machine *machine, const struct fast *fast);

#endif
