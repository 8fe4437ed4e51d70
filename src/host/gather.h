/* SPDX-License-Identifier: Apache-2.0 */
/* All facts that a spec needs. */
#ifndef XKVM_HOST_GATHER_H
#define XKVM_HOST_GATHER_H

#include "plan/facts.h"
#include "spec/run_spec.h"

/* Reads the host; changes nothing. What is missing is a fact, so this does not
 * fail. */
void host_gather(const struct run_spec *spec, struct facts *ret);

#endif
