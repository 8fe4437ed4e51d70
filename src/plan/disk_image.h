/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done to a disk's file before QEMU opens it: it is made (size=,
 * base=), it grows (grow=on), or it gets an overlay without a name (ephemeral),
 * so that QEMU opens that.
 */
#ifndef XKVM_PLAN_DISK_IMAGE_H
#define XKVM_PLAN_DISK_IMAGE_H

#include "plan/disk_use.h"
#include "plan/plan.h"

enum disk_change {
	DISK_AS_IT_IS,
	DISK_MADE, /* the file, by its name */
	DISK_GROWN,
	DISK_NAMELESS, /* another file in its place */
};

struct disk_image {
	enum disk_change change;
	const char *format; /* of what QEMU opens; static, or the spec's */
	uint64_t size; /* for MADE, GROWN, NAMELESS; 0: that of the base */
	uint64_t larger; /* what the file has, that is more than size=; or 0 */
	const struct file_facts *base; /* of what is made; or NULL */
	const char *base_format;
};

/*
 * Decides. `file` is what is known of the disk's path. Fails where the file
 * cannot be what was asked for, and does not become it: -EINVAL; or where it is
 * in use, -EBUSY.
 */
must_check int disk_image_choose(const struct run_spec *spec,
				 const struct disk_spec *disk,
				 const struct facts *facts,
				 const struct file_facts *file,
				 struct disk_image *ret, struct err *err);

/* Adds to the plan what has to be done. *ret_fd is the descriptor that QEMU is
 * to open in the file's place, or -1. -ENOENT where it takes a qemu-img. */
must_check int disk_image_add(struct plan *plan, const struct run_spec *spec,
			      const struct facts *facts,
			      const struct file_facts *file,
			      const struct disk_image *image, int *ret_fd,
			      struct err *err);

#endif
