/* SPDX-License-Identifier: Apache-2.0 */
/* --smbios11 and --credential: OEM strings (SMBIOS type 11) of the machine, as
 * systemd.system-credentials(7) has them. */
#ifndef XKVM_PLAN_SMBIOS_H
#define XKVM_PLAN_SMBIOS_H

#include "plan/machine.h"

/* The files to read. */
void smbios_questions(const struct run_spec *spec, struct strv *files);

/*
 * Adds -smbios for each. Credentials come from files in memory, for QEMU's
 * command line is for all to see. -EINVAL where the machine has no SMBIOS, or a
 * file cannot be read.
 */
must_check int smbios_add(struct plan *plan, const struct run_spec *spec,
			  const struct facts *facts,
			  const struct machine *machine, struct err *err);

#endif
