/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that answers for the seed.
 *
 * It has one end of a socket pair and QEMU the other, over which QEMU's user
 * network passes what the guest sends to the server's address. So it ends when
 * QEMU does, whatever ends that and whether xkvm is still there.
 */
#ifndef XKVM_RUN_SEED_SERVER_H
#define XKVM_RUN_SEED_SERVER_H

#include "plan/seed.h"

/* Starts it. *ret, QEMU's end, is owned by the caller. */
must_check int seed_server_start(const struct seed *seed, int *ret,
				 struct err *err);

#endif
