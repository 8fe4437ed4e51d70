/* SPDX-License-Identifier: Apache-2.0 */
/* "did you mean": the known word nearest to one that nobody knows. */
#ifndef XKVM_BASE_SUGGEST_H
#define XKVM_BASE_SUGGEST_H

#include <stddef.h>

/* Keeps the best candidate among those it is offered. Start with
 * SUGGEST_INIT(word); `best` is NULL while none is near enough to be meant. */
struct suggest {
	const char *word; /* not owned */
	const char *best; /* not owned: one of the candidates */
	size_t distance;
};

#define SUGGEST_INIT(word_)      \
	{                        \
		(word_), NULL, 0 \
	}

void suggest_offer(struct suggest *s, const char *candidate);

/* Edits (insert, delete, replace, swap of neighbours) between two words. Words
 * over 63 bytes count as far from all others. */
size_t suggest_distance(const char *a, const char *b);

#endif
