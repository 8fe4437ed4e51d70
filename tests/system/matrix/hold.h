/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between architectures in a system call that is held. */
#ifndef XKVM_MATRIX_HOLD_H
#define XKVM_MATRIX_HOLD_H

#include <sys/types.h>

/* A process that is held at the entry of a system call is not to do it. Both
 * return -1 where that is not known for this architecture. */
int hold_skip(pid_t pid);

/* It is held at the call's end: the call has failed with `error`. */
int hold_fail(pid_t pid, int error);

#endif
