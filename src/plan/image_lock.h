/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's locks on images, and whether this run would get its own. A lock on one
 * byte of the file says what its holder does, on another what it lets nobody
 * else do (block/file-posix.c, "The perm and shared-perm bytes"; QAPI's
 * BlockPermission). Asked before anything is made, so that who is in the way
 * can be named.
 */
#ifndef XKVM_PLAN_IMAGE_LOCK_H
#define XKVM_PLAN_IMAGE_LOCK_H

#include "plan/facts.h"
#include "spec/run_spec.h"

/*
 * Whether somebody's locks keep this run from using `file` as the disk's, or,
 * with `is_base`, as what its overlay is on. Neither with file.locking=off.
 */
bool image_lock_conflicts(const struct run_spec *spec,
			  const struct disk_spec *disk,
			  const struct file_facts *file, bool is_base);

/* Whether QEMU is told to have none. */
bool image_lock_is_off(const struct disk_spec *disk);

/* -EBUSY where it conflicts, with who it is. */
must_check int image_lock_check(const struct run_spec *spec,
				const struct disk_spec *disk,
				const struct file_facts *file, bool is_base,
				struct err *err);

/* The files whose holders are to be looked for. */
void image_lock_questions(const struct run_spec *spec,
			  const struct facts *facts, struct strv *files);

#endif
