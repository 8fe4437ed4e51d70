/* SPDX-License-Identifier: Apache-2.0 */
/* The seed as a CD image. */
#ifndef XKVM_RUN_SEED_IMAGE_H
#define XKVM_RUN_SEED_IMAGE_H

#include "plan/seed.h"

/* In a file in memory, which nobody can change. *ret is owned by the caller. */
must_check int seed_image_open(const struct seed *seed, int *ret,
			       struct err *err);

#endif
