/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as text: what --dry-run prints. */
#ifndef XKVM_PLAN_PLAN_TEXT_H
#define XKVM_PLAN_PLAN_TEXT_H

#include "plan/plan.h"

/* QEMU's command line, quoted for a POSIX shell, without a line end. Owned by
 * the caller, as are the others. */
char *plan_command_text(const struct plan *plan);

/* One line for each descriptor and each file: what it will be. Control
 * characters in names are '?'. Empty where there is none. */
char *plan_things_text(const struct plan *plan);

/* The whole plan as the JSON object that xkvm(1) documents, with a line
 * end. */
char *plan_json_text(const struct plan *plan);

#endif
