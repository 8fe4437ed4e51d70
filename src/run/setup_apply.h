/* SPDX-License-Identifier: Apache-2.0 */
#ifndef XKVM_RUN_SETUP_APPLY_H
#define XKVM_RUN_SETUP_APPLY_H

#include "plan/setup.h"

/*
 * Takes one step. A file is there whole or not at all, one that exists is not
 * replaced by a new one, and one that is added to keeps its owner and mode.
 */
must_check int setup_apply(const struct setup_step *step, struct err *err);

#endif
