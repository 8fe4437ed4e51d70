/* SPDX-License-Identifier: Apache-2.0 */
#ifndef XKVM_HOST_KERNEL_FACTS_H
#define XKVM_HOST_KERNEL_FACTS_H

#include "plan/kernel_image.h"

/* How the kernel in the file `path` is packed; KERNEL_PLAIN where it cannot be
 * read. */
enum kernel_packing host_look_at_kernel(const char *path);

#endif
