/* SPDX-License-Identifier: Apache-2.0 */
#ifndef XKVM_HOST_SETUP_FACTS_H
#define XKVM_HOST_SETUP_FACTS_H

#include "plan/setup.h"

/* How far this host is set up. Changes nothing; what is missing is a fact. */
void host_look_at_setup(const struct setup_spec *spec, struct setup_facts *ret);

#endif
