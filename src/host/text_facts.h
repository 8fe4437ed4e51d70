/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files whole. */
#ifndef XKVM_HOST_TEXT_FACTS_H
#define XKVM_HOST_TEXT_FACTS_H

#include "base/strbuf.h"
#include "plan/facts.h"

/*
 * All that a file holds; "-" is standard input where `takes_stdin`. A FIFO is a
 * file like any other: <(command) of a shell is one. Returns 0 or an errno,
 * EFBIG where there are more than `max` bytes.
 */
int host_read_text(const char *path, bool takes_stdin, size_t max,
		   struct strbuf *ret);

/* The texts of these files. */
void host_read_texts(const struct strv *paths, struct facts *facts);

#endif
