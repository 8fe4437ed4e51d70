/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/quote.h"

#define CUT_MARK "[...]"

/* Names can be as long as a path; the cause stands at the end of the line, so
 * the middle is what goes. */
static void copy_cut(char *dst, size_t size, const char *src)
{
	size_t len = strlen(src);

	if (len < size) {
		memcpy(dst, src, len + 1);
		return;
	}
	size_t mark = strlen(CUT_MARK);
	size_t head = (size - 1 - mark) / 2;
	size_t tail = size - 1 - mark - head;
	memcpy(dst, src, head);
	memcpy(dst + head, CUT_MARK, mark);
	memcpy(dst + head + mark, src + len - tail, tail);
	dst[size - 1] = '\0';
}

static void set_text(struct err *err, const char *text)
{
	copy_cut(err->text, sizeof(err->text), text);
	quote_plain(err->text);
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	err->code = code;
	set_text(err, text);
	return code;
}

int err_set_errno(struct err *err, int code, const char *fmt, ...)
{
	cleanup_free char *text = NULL, *full = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	full = xasprintf("%s: %s", text, strerrordesc_np(-code));
	err->code = code;
	set_text(err, full);
	return code;
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	cleanup_free char *prefix = NULL, *full = NULL;
	va_list ap;

	va_start(ap, fmt);
	prefix = xvasprintf(fmt, ap);
	va_end(ap);
	full = xasprintf("%s: %s", prefix, err->text);
	set_text(err, full);
	return err->code;
}
