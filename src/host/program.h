/* SPDX-License-Identifier: Apache-2.0 */
#ifndef XKVM_HOST_PROGRAM_H
#define XKVM_HOST_PROGRAM_H

/* The path of the program that execvp(3) would find for this name; a name with
 * a '/' is a path already. NULL where there is none. Owned by the caller. */
char *program_find(const char *name);

#endif
