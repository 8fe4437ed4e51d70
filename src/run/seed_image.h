/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seed as a CD image: ISO 9660 with Rock Ridge, which has the files' names,
 * and Joliet, for readers that know only that. libarchive writes it.
 */
#ifndef XKVM_RUN_SEED_IMAGE_H
#define XKVM_RUN_SEED_IMAGE_H

#include "plan/seed.h"

/* Into an empty file. */
must_check int seed_image_write(const struct seed *seed, int fd,
				struct err *err);

/* In a file in memory, which nobody can change. *ret is owned by the caller. */
must_check int seed_image_open(const struct seed *seed, int *ret,
			       struct err *err);

/*
 * In a file, which only its owner can read, whole or not at all. -EEXIST where
 * there is one, unless `replaces` says that it is to go.
 */
must_check int seed_image_save(const struct seed *seed, const char *path,
			       bool replaces, struct err *err);

#endif
