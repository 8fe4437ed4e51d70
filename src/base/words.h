/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comma-separated values of --disk and --netdev, by the rules of QEMU's
 * option strings: words are separated by ',', ",," stands for a comma that is
 * part of a word, and the first '=' of a word parts its key from its value.
 */
#ifndef XKVM_BASE_WORDS_H
#define XKVM_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"

struct word {
	char *text; /* owned; the whole word, with ",," resolved */
	char *key; /* owned; text before '=', or the whole of a bare word */
	char *value; /* inside `text`; NULL in a bare word (no '=') */
};

struct words {
	struct word *items; /* owned */
	size_t count;
};

#define cleanup_words cleanup(words_done)

/*
 * Splits `text`. Fails with -EINVAL, naming the position (from 1), on an empty
 * word. Any other text is words; so is one that ends in a single ',', which is
 * what scripts write that append words they may not have.
 */
must_check int words_parse(const char *text, struct words *ret,
			   struct err *err);
void words_done(struct words *words);

/* The same rules in the other direction: appends `s` with every comma doubled,
 * so that QEMU reads it as one value. */
void words_escape(struct strbuf *out, const char *s);

/* Appends ",KEY=VALUE" with the value escaped. */
void words_add(struct strbuf *out, const char *key, const char *value);

#endif
