/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk_use.h"

bool disk_use_has_flag(const struct disk_spec *disk, const char *flag)
{
	return (disk->file || disk->bare.count > 1) &&
	       strv_has(&disk->bare, flag);
}

bool disk_use_makes(const struct disk_spec *disk)
{
	return disk->size > 0 || disk->base;
}

static bool is_ephemeral(const struct run_spec *spec,
			 const struct disk_spec *disk)
{
	return disk->ephemeral == DISK_EPHEMERAL_DEFAULT
		       ? spec->is_ephemeral
		       : disk->ephemeral == DISK_EPHEMERAL_ON;
}

enum disk_use disk_use_of(const struct run_spec *spec,
			  const struct disk_spec *disk)
{
	if (disk->is_readonly || disk_use_has_flag(disk, "readonly") ||
	    disk_use_has_flag(disk, "read-only"))
		return DISK_READ;
	if (is_ephemeral(spec, disk))
		return DISK_EPHEMERAL;
	if (disk->is_snapshot || disk_use_has_flag(disk, "snapshot") ||
	    spec->passthrough.is_snapshot)
		return DISK_SNAPSHOT;
	return DISK_WRITTEN;
}
