/* SPDX-License-Identifier: Apache-2.0 */
/* A TPM 2.0 of the guest's own: swtpm, a program beside QEMU. */
#ifndef XKVM_PLAN_TPM_H
#define XKVM_PLAN_TPM_H

#include "plan/machine.h"

/* Adds the device and the program that is behind it; nothing where none was
 * asked for. -EINVAL where the machine has none, or there is no place for its
 * state; -ENOENT where the program is not installed. */
must_check int tpm_add(struct plan *plan, const struct run_spec *spec,
		       const struct facts *facts, const struct machine *machine,
		       struct err *err);

#endif
