/* SPDX-License-Identifier: Apache-2.0 */
/* Moments of CLOCK_MONOTONIC, in milliseconds, by which something is over. */
#ifndef XKVM_NET_DEADLINE_H
#define XKVM_NET_DEADLINE_H

#include <stdint.h>

int64_t deadline_in(int64_t ms);

/* For poll(2): how long it is until then; 0 when it is past. */
int deadline_left(int64_t deadline);

#endif
