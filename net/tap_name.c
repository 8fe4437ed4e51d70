/* SPDX-License-Identifier: Apache-2.0 */
#include "tap_name.h"

#include "wire.h"

#include <string.h>

#define OWN_PREFIX "xk"
#define OWN_LENGTH 12

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(const char *name, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(name, word, len) == 0;
}

/* xk and ten hex digits? */
static bool is_own(const char *name, size_t len)
{
	if (len != OWN_LENGTH || memcmp(name, OWN_PREFIX, 2) != 0)
		return false;
	for (size_t i = 2; i < len; i++)
		if (!is_digit(name[i]) && (name[i] < 'a' || name[i] > 'f'))
			return false;
	return true;
}

bool tap_name_is_prefix(const char *text, size_t len)
{
	if (len == 0 || len > NET_NAME_MAX || !is_letter(*text))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_letter(text[i]) && !is_digit(text[i]) &&
		    text[i] != '.' && text[i] != '_' && text[i] != '-')
			return false;
	return true;
}

bool tap_name_is_valid(const char *name, size_t len)
{
	/* These two are folders of their own in /proc/sys/net/ipv4/conf. */
	return tap_name_is_prefix(name, len) && !is_own(name, len) &&
	       !is_word(name, len, "all") && !is_word(name, len, "default");
}
