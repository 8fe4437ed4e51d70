/* SPDX-License-Identifier: Apache-2.0 */
/* What a run does to the file of a disk, as far as the words of the disk and
 * the options about all disks say. */
#ifndef XKVM_PLAN_DISK_USE_H
#define XKVM_PLAN_DISK_USE_H

#include "spec/run_spec.h"

enum disk_use {
	DISK_READ, /* nothing is written */
	DISK_SNAPSHOT, /* QEMU writes to a temporary file of its own */
	DISK_EPHEMERAL, /* it writes to an overlay without a name */
	DISK_WRITTEN,
};

enum disk_use disk_use_of(const struct run_spec *spec,
			  const struct disk_spec *disk);

/* Whether the file is made where there is none: by size= or base=. */
bool disk_use_makes(const struct disk_spec *disk);

/* Whether `flag` is among the words, and not the path. */
bool disk_use_has_flag(const struct disk_spec *disk, const char *flag);

#endif
