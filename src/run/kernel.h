/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel that QEMU is given for --fast. */
#ifndef XKVM_RUN_KERNEL_H
#define XKVM_RUN_KERNEL_H

#include "base/mem.h"

/*
 * Opens, to read, the ELF that is packed in the kernel `path`: from the folder
 * `cache` (NULL: none), or unpacked now. Where it cannot be unpacked, or not be
 * entered, that is the kernel itself, and *ret_obstacle says why (owned by the
 * caller; else NULL).
 */
must_check int kernel_open(const char *path, const char *cache, int *ret,
			   char **ret_obstacle, struct err *err);

#endif
