/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --wait cloud-init. Theory of operation:
 *
 * cloud-init itself is asked how it ended (cloud_status.h), by the guest's
 * agent or by ssh, whoever is there first; the answer comes when it has ended.
 * Its last line on the console says that it has, and not how. Where nobody gets
 * in for a while after that line, as in an image without an agent and with a
 * password alone, that must do, and is said.
 */
#ifndef XKVM_RUN_GUEST_CLOUD_INIT_H
#define XKVM_RUN_GUEST_CLOUD_INIT_H

#include "run/ready.h"

extern const struct condition_kind GUEST_CLOUD_INIT;

#endif
