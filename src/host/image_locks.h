/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's locks on an image (plan/image_lock.h), as others have them. */
#ifndef XKVM_HOST_IMAGE_LOCKS_H
#define XKVM_HOST_IMAGE_LOCKS_H

#include "plan/facts.h"

/* Those of others on an open file: FILE_LOCK_*. 0 where the file system knows
 * of no locks. One system call where there are none. */
unsigned int image_locks(int fd);

/* Takes all of them, and fails where anybody has one. They last as long as the
 * open file. */
bool image_lock_all(int fd);

/*
 * Looks through the processes for one that has the file open and locked, and
 * makes it the file's holder. Those of other users are seen by root alone.
 */
void host_find_holder(struct file_facts *file);

#endif
