/* SPDX-License-Identifier: Apache-2.0 */
/* --wait ssh and port:N, by probe.h. */
#ifndef XKVM_RUN_GUEST_PORT_H
#define XKVM_RUN_GUEST_PORT_H

#include "run/ready.h"

extern const struct condition_kind GUEST_PORT;

#endif
