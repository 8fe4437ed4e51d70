/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/guest_exit.h"

#include <errno.h>

/* The port that test kernels use by convention. */
#define DEBUG_EXIT "isa-debug-exit,iobase=0xf4,iosize=0x04"

int guest_exit_add(struct plan *plan, const struct run_spec *spec,
		   const struct machine *machine, struct err *err)
{
	const char *arch = machine->arch;

	if (!spec->has_guest_exit)
		return 0;
	if (str_eq(arch, "x86_64") || str_eq(arch, "i386")) {
		plan_add_arg(plan, "-device", xstrdup(DEBUG_EXIT));
		plan->has_debug_exit = true;
		return 0;
	}
	/* The finisher of the board virt: its status is QEMU's as it is. */
	if (str_eq(arch, "riscv64"))
		return 0;
	if (str_eq(arch, "aarch64") || str_eq(arch, "arm"))
		return err_set(err, -EINVAL,
			       "--guest-exit: on %s QEMU has semihosting for "
			       "that, which opens the host's files to the "
			       "guest; who wants that says '-semihosting' "
			       "after '--'",
			       arch);
	return err_set(err, -EINVAL,
		       "--guest-exit: QEMU has no device for that on %s; it "
		       "has on x86_64, i386 and riscv64",
		       arch);
}
