/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648, section 4). */
#ifndef XKVM_BASE_BASE64_H
#define XKVM_BASE_BASE64_H

#include <stdbool.h>

#include "base/strbuf.h"

/* No line is longer in MIME (RFC 2045). */
#define BASE64_MIME_WIDTH 76

/* Appends the bytes, in lines of `width` characters that each end with a
 * newline; in one go, without any, where `width` is 0. */
void base64_add(struct strbuf *out, const void *data, size_t len, size_t width);

/* Appends the bytes that a text without lines stands for. false where it is no
 * base64, or has no padding; `out` is left alone then. */
bool base64_read(struct strbuf *out, const char *text, size_t len);

#endif
