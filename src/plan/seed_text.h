/* SPDX-License-Identifier: Apache-2.0 */
/* A seed for a person, and for a program. */
#ifndef XKVM_PLAN_SEED_TEXT_H
#define XKVM_PLAN_SEED_TEXT_H

#include <jansson.h>

#include "base/strbuf.h"
#include "plan/seed.h"

/* Appends the names of its files and their sizes. */
void seed_describe(struct strbuf *sb, const struct seed *seed);

/* All of it, what is secret included: {"NAME": {"content": TEXT}}, with
 * "base64" for what is no text. Owned by the caller. */
json_t *seed_json(const struct seed *seed);

#endif
