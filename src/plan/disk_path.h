/* SPDX-License-Identifier: Apache-2.0 */
/* Which file a --disk means, and whether it can be one. */
#ifndef XKVM_PLAN_DISK_PATH_H
#define XKVM_PLAN_DISK_PATH_H

#include "plan/facts.h"
#include "spec/disk_spec.h"

/*
 * The path: file=, or the only bare word that is no flag of the device or the
 * drive. `model` is NULL where QEMU needed not be asked. Belongs to `disk`.
 */
must_check int disk_path_find(const struct disk_spec *disk,
			      const struct model_facts *model,
			      const struct facts *facts, const char **ret,
			      struct err *err);

/*
 * What is known of the file, before QEMU was asked: of several bare words, the
 * path is the one that is a file, or that can be made one. NULL where none is.
 */
const struct file_facts *disk_path_facts(const struct disk_spec *disk,
					 const struct facts *facts);

/* -EINVAL, with the cause and what mends it, where this cannot be a disk that
 * is read and, unless `is_readonly`, written. */
must_check int disk_path_check(const struct file_facts *file, bool is_readonly,
			       struct err *err);

/*
 * The format: what was said, or what the header shows. Refuses a file that was
 * used as a raw disk before and now has another format's header: its guest may
 * have written that to be given files of the host at the next start.
 */
must_check int disk_path_format(const struct disk_spec *disk,
				const struct file_facts *file, const char **ret,
				struct err *err);

#endif
