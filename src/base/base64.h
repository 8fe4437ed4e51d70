/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648), written; nothing here reads it. */
#ifndef XKVM_BASE_BASE64_H
#define XKVM_BASE_BASE64_H

#include "base/strbuf.h"

/* No line is longer in MIME (RFC 2045). */
#define BASE64_MIME_WIDTH 76

/* Appends the bytes, in lines of `width` characters that each end with a
 * newline; in one go, without any, where `width` is 0. */
void base64_add(struct strbuf *out, const void *data, size_t len, size_t width);

#endif
