/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of --wait that are met in the guest, and not on its console:
 * ssh and port:N (probe.h), and cloud-init, whose own word is asked for. */
#ifndef XKVM_RUN_GUEST_CONDITIONS_H
#define XKVM_RUN_GUEST_CONDITIONS_H

#include "run/ready.h"

extern const struct condition_kind GUEST_PORT;
extern const struct condition_kind GUEST_CLOUD_INIT;

#endif
