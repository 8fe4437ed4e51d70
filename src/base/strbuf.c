/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

void strbuf_done(struct strbuf *sb)
{
	free(sb->buf);
	*sb = (struct strbuf)STRBUF_INIT;
}

static void grow(struct strbuf *sb, size_t more)
{
	size_t need = sb->len + more + 1;

	if (need <= sb->alloc)
		return;
	sb->alloc = need * 2 < 64 ? 64 : need * 2;
	sb->buf = xreallocarray(sb->buf, sb->alloc, 1);
}

void strbuf_add(struct strbuf *sb, const void *data, size_t len)
{
	grow(sb, len);
	if (len)
		memcpy(sb->buf + sb->len, data, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void strbuf_addstr(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

void strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	cleanup_free char *s = xvasprintf(fmt, ap);
	va_end(ap);
	strbuf_addstr(sb, s);
}

void strbuf_consume(struct strbuf *sb, size_t len)
{
	if (len == 0)
		return;
	memmove(sb->buf, sb->buf + len, sb->len - len + 1);
	sb->len -= len;
}

const char *strbuf_str(const struct strbuf *sb)
{
	return sb->buf ? sb->buf : "";
}

char *strbuf_detach(struct strbuf *sb)
{
	grow(sb, 0);
	sb->buf[sb->len] = '\0';
	char *s = sb->buf;
	*sb = (struct strbuf)STRBUF_INIT;
	return s;
}
