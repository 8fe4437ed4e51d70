/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/strbuf.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void cleanup_json_p(json_t **json)
{
	json_decref(*json);
}

/* Length of the UTF-8 sequence at `s`, as far as its lead byte tells. */
static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	if (lead >= 0xf0 && lead < 0xf5)
		return 4;
	return 0;
}

bool json_is_text(const char *s, size_t len)
{
	cleanup_json json_t *json = json_stringn(s, len);

	return json != NULL;
}

json_t *json_text(const char *s)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (!s)
		return json_null();
	json_t *plain = json_string(s);
	if (plain)
		return plain;
	while (*s) {
		size_t len = sequence_length((unsigned char)*s);

		if (len && strnlen(s, len) == len && json_is_text(s, len)) {
			strbuf_add(&sb, s, len);
			s += len;
		} else {
			strbuf_addstr(&sb, REPLACEMENT);
			s++;
		}
	}
	return json_string(strbuf_str(&sb));
}

json_t *json_text_array(const struct strv *v)
{
	json_t *array = json_array();

	for (size_t i = 0; i < v->count; i++)
		json_array_append_new(array, json_text(v->items[i]));
	return array;
}

const char *json_member_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}
