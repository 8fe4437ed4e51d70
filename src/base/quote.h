/* SPDX-License-Identifier: Apache-2.0 */
/* Text that a POSIX shell, or a person, reads. */
#ifndef XKVM_BASE_QUOTE_H
#define XKVM_BASE_QUOTE_H

#include "base/strbuf.h"

/*
 * Appends `s` so that a POSIX shell reads it back as exactly one word with the
 * same bytes: as it is where that is safe, in single quotes otherwise.
 */
void quote_shell(struct strbuf *out, const char *s);

/* Makes `s` one line that leaves a terminal as it is: each control character
 * becomes '?'. What a person reads may have come from a file's name. */
void quote_plain(char *s);

/* Appends a NULL-terminated argument vector, quoted, with single spaces. */
void quote_shell_argv(struct strbuf *out, char *const *argv);

#endif
