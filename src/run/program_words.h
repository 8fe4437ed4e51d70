/* SPDX-License-Identifier: Apache-2.0 */
/* What a program that is started says, for the message when it fails. */
#ifndef XKVM_RUN_PROGRAM_WORDS_H
#define XKVM_RUN_PROGRAM_WORDS_H

#include "base/mem.h"

/* A file in memory, for its descriptors 1 and 2. *ret is owned by the caller.
 */
must_check int program_words_open(int *ret, struct err *err);

/* The last line that it wrote there; NULL where it wrote none. Owned by the
 * caller. */
char *program_words_last(int fd);

#endif
