/* SPDX-License-Identifier: Apache-2.0 */
/* A string that grows. Start with STRBUF_INIT; `buf` is always terminated. */
#ifndef XKVM_BASE_STRBUF_H
#define XKVM_BASE_STRBUF_H

#include <stddef.h>

#include "base/mem.h"

struct strbuf {
	char *buf; /* owned; NULL while empty */
	size_t len;
	size_t alloc;
};

#define STRBUF_INIT        \
	{                  \
		NULL, 0, 0 \
	}
#define cleanup_strbuf cleanup(strbuf_done)

void strbuf_done(struct strbuf *sb);
void strbuf_add(struct strbuf *sb, const void *data, size_t len);
void strbuf_addstr(struct strbuf *sb, const char *s);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) printf_like(2, 3);

/* Drops the first `len` bytes. */
void strbuf_consume(struct strbuf *sb, size_t len);

/* The string so far, "" while nothing was added. Belongs to `sb`. */
const char *strbuf_str(const struct strbuf *sb);

/* Hands the string over to the caller and leaves `sb` empty. Never NULL. */
char *strbuf_detach(struct strbuf *sb);

#endif
