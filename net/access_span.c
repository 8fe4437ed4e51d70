/* SPDX-License-Identifier: Apache-2.0 */
#include "access_span.h"

#include <string.h>

bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.at, text, span.len) == 0;
}

bool span_take_prefix(struct span *span, const char *prefix)
{
	size_t len = strlen(prefix);

	if (span->len < len || memcmp(span->at, prefix, len) != 0)
		return false;
	span->at += len;
	span->len -= len;
	return true;
}

bool span_take_until(struct span *rest, char byte, struct span *ret)
{
	const char *end = rest->len ? memchr(rest->at, byte, rest->len) : NULL;

	*ret = *rest;
	if (end)
		ret->len = (size_t)(end - rest->at);
	rest->at += ret->len + (end != NULL);
	rest->len -= ret->len + (end != NULL);
	return end != NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool span_take_word(struct span *rest, struct span *ret)
{
	while (rest->len && is_blank(*rest->at)) {
		rest->at++;
		rest->len--;
	}
	*ret = (struct span){ rest->at, 0 };
	if (rest->len == 0 || *rest->at == '#')
		return false;
	while (rest->len && !is_blank(*rest->at)) {
		ret->len++;
		rest->at++;
		rest->len--;
	}
	return true;
}

bool span_number(struct span span, uint32_t min, uint32_t max, uint32_t *ret)
{
	uint32_t number = 0;

	if (span.len == 0 || span.len > 5 || span.at[0] == '0')
		return false;
	for (size_t i = 0; i < span.len; i++) {
		if (span.at[i] < '0' || span.at[i] > '9')
			return false;
		number = number * 10 + (uint32_t)(span.at[i] - '0');
	}
	*ret = number;
	return number >= min && number <= max;
}
