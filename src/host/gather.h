/* SPDX-License-Identifier: Apache-2.0 */
/* All facts that a spec needs. */
#ifndef XKVM_HOST_GATHER_H
#define XKVM_HOST_GATHER_H

#include "host/qemu_cache.h"
#include "plan/facts.h"
#include "spec/run_spec.h"

/* Reads the host; changes nothing. What is missing is a fact, so this does not
 * fail. *ret_cache has what QEMU has answered, for who may keep it. */
void host_gather(const struct run_spec *spec, struct facts *ret,
		 struct qemu_cache *ret_cache);

#endif
