/* SPDX-License-Identifier: Apache-2.0 */
/* A span of time, as people write it. */
#ifndef XKVM_SPEC_DURATION_H
#define XKVM_SPEC_DURATION_H

#include <stdint.h>

#include "base/err.h"

/* The longest one, a week, has room in 32 bits of milliseconds. */
#define DURATION_MAX_MS (UINT64_C(7) * 24 * 3600 * 1000)

/*
 * A number, with a fraction where one is wanted, and a unit: ms, s, m, h or d;
 * seconds without one. "90", "90s", "1.5m" and "0.025h" are the same. *ret is
 * in milliseconds, rounded up. -EINVAL where it is none, or is more than a
 * week.
 */
must_check int duration_parse(const char *text, unsigned int *ret,
			      struct err *err);

#endif
