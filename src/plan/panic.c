/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/panic.h"

/* NULL where the machine itself tells: s390x by its disabled wait, ppc64 by a
 * call of its firmware; and where there is no device for it. */
static const char *device_of(const struct machine *machine)
{
	const char *board = machine->board;

	if (str_eq(machine->arch, "x86_64") || str_eq(machine->arch, "i386"))
		return board && str_starts(board, "microvm") ? "pvpanic-pci"
							     : "pvpanic";
	return board && str_eq(board, "virt") ? "pvpanic-pci" : NULL;
}

void panic_add(struct plan *plan, const struct run_spec *spec,
	       const struct machine *machine)
{
	static const char *const actions[] = {
		[PANIC_EXIT] = "panic=shutdown",
		[PANIC_PAUSE] = "panic=pause",
		/* The supervisor resets it. */
		[PANIC_REBOOT] = "panic=none",
	};
	const char *device = device_of(machine);

	plan->on_panic = spec->on_panic;
	if (spec->on_panic == PANIC_UNSAID)
		return;
	if (device)
		plan_add_arg(plan, "-device", xstrdup(device));
	plan_add_arg(plan, "-action", xstrdup(actions[spec->on_panic]));
}
