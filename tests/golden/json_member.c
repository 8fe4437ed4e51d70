/* SPDX-License-Identifier: Apache-2.0 */
#include "json_member.h"

#include <errno.h>

#include "base/json.h"

/* Above all numbers that Linux has names for. */
#define ERRNO_END 256

int json_member_check(const json_t *object, const char *const *keys,
		      size_t count, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)object, key, value) {
		bool is_known = false;

		for (size_t i = 0; i < count; i++)
			is_known = is_known || str_eq(keys[i], key);
		if (!is_known)
			return err_set(err, -EPROTO, "unknown member \"%s\"",
				       key);
	}
	return 0;
}

bool json_member_bool(const json_t *object, const char *key, bool otherwise)
{
	const json_t *value = json_object_get(object, key);

	return value ? json_is_true(value) : otherwise;
}

uint64_t json_member_number(const json_t *object, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(object, key));
}

void json_member_strv(const json_t *object, const char *key, struct strv *ret)
{
	size_t i;
	json_t *item;
	const json_t *array = json_object_get(object, key);

	json_array_foreach (array, i, item)
		if (json_is_string(item))
			strv_add(ret, json_string_value(item));
}

int json_member_index(const json_t *object, const char *key,
		      const char *const *names, size_t count, size_t *ret,
		      struct err *err)
{
	const char *text = json_member_text(object, key);

	if (!text)
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(names[i], text)) {
			*ret = i;
			return 0;
		}
	}
	return err_set(err, -EPROTO, "\"%s\" cannot be '%s'", key, text);
}

int json_member_errno(const json_t *object, const char *key, int *ret,
		      struct err *err)
{
	const char *text = json_member_text(object, key);

	if (!text)
		return 0;
	if (*text == '\0') {
		*ret = 0;
		return 0;
	}
	for (int i = 1; i < ERRNO_END; i++) {
		const char *name = strerrorname_np(i);

		if (name && str_eq(name, text)) {
			*ret = i;
			return 0;
		}
	}
	return err_set(err, -EPROTO, "\"%s\": '%s' is no errno", key, text);
}
