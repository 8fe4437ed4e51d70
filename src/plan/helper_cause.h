/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the way of a privilege for taps. */
#ifndef XKVM_PLAN_HELPER_CAUSE_H
#define XKVM_PLAN_HELPER_CAUSE_H

#include "plan/facts.h"
#include "spec/helper_way.h"

/* Whether a program that is started has the privilege that its file gives. */
bool helper_gains(const struct helper_facts *helper,
		  const struct privileged_file *file);

/*
 * Why the way does not lead to a tap, and what mends that: for HELPER_AUTO,
 * what is to be done first. One line, owned by the caller.
 */
char *helper_cause(enum helper_way way, const struct helper_facts *helper);

#endif
