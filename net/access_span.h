/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of a line of the access list: neither copied nor terminated. */
#ifndef XKVM_NET_ACCESS_SPAN_H
#define XKVM_NET_ACCESS_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *at;
	size_t len;
};

bool span_is(struct span span, const char *text);

/* Takes `prefix` off the span where it begins with that. */
bool span_take_prefix(struct span *span, const char *prefix);

/* Takes what stands before the first `byte`, or all of it, and the byte off
 * `rest`. False: the byte was not there. */
bool span_take_until(struct span *rest, char byte, struct span *ret);

/* Takes a word and the blanks before it. False: there is no further one, but
 * at most a comment. */
bool span_take_word(struct span *rest, struct span *ret);

/* A decimal number from min to max, without a sign and a leading zero. */
bool span_number(struct span span, uint32_t min, uint32_t max, uint32_t *ret);

#endif
