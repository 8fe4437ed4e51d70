/* SPDX-License-Identifier: Apache-2.0 */
/* The size of the disk in an image, held against the one that is asked for. */
#ifndef XKVM_PLAN_IMAGE_SIZE_H
#define XKVM_PLAN_IMAGE_SIZE_H

#include "plan/facts.h"

/* -EINVAL where it cannot be told of a device, or of an image in this format.
 */
must_check int image_size_find(const struct file_facts *file,
			       const char *format, uint64_t *ret,
			       struct err *err);

/* The error that says both sizes, and what to do. Returns -EINVAL. */
int image_size_refuse(const struct file_facts *file, uint64_t has,
		      uint64_t wanted, const char *remedy, struct err *err);

/* Whether an overlay on `base` can have the size `wanted`; 0: that of the base.
 * A smaller one would cut its end off. */
must_check int image_size_check_overlay(const struct file_facts *base,
					const char *base_format,
					uint64_t wanted, struct err *err);

#endif
