/* SPDX-License-Identifier: Apache-2.0 */
/* The little of HTTP that fetching a seed takes: requests for a file, one after
 * the other, each with an answer of a known length. */
#ifndef XKVM_RUN_SEED_HTTP_H
#define XKVM_RUN_SEED_HTTP_H

#include "base/strbuf.h"
#include "plan/seed.h"

/* No client sends as much. */
#define SEED_HTTP_MAX 16384

/* How many bytes the first request in `data` has; 0 while it is not whole. */
size_t seed_http_length(const char *data, size_t len);

/* Appends the answer to a request of that length. */
void seed_http_answer(const char *request, size_t len, const struct seed *seed,
		      struct strbuf *ret);

#endif
