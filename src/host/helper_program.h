/* SPDX-License-Identifier: Apache-2.0 */
#ifndef XKVM_HOST_HELPER_PROGRAM_H
#define XKVM_HOST_HELPER_PROGRAM_H

/* The path of xkvm-net: beside this program in the build folder, else where it
 * is installed, though it may not be there. Owned by the caller. */
char *helper_program_find(void);

#endif
