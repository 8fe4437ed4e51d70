/* SPDX-License-Identifier: Apache-2.0 */
/* Guest architectures by the names people and kernels give them. */
#ifndef XKVM_SPEC_ARCH_H
#define XKVM_SPEC_ARCH_H

#include <stdbool.h>

#include "base/err.h"

/*
 * QEMU's name (as in qemu-system-NAME) for an architecture: i686 is i386,
 * amd64 is x86_64, arm64 is aarch64, ppc64le is ppc64. A name that is not in
 * the table is returned as it is, for QEMU may know it. Belongs to nobody; it
 * is `name` or static.
 */
const char *arch_qemu_name(const char *name);

/* Whether it is a PC, by QEMU's name. */
bool arch_is_pc(const char *name);

/* -EINVAL for text that cannot be the name of an architecture, such as one
 * with a '/' in it: the name becomes part of a program's name. */
must_check int arch_check(const char *name, struct err *err);

#endif
