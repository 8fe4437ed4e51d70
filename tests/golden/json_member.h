/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a JSON object as values of C. A member that is not there is no
 * error: the value is left alone, or a default. */
#ifndef XKVM_GOLDEN_JSON_MEMBER_H
#define XKVM_GOLDEN_JSON_MEMBER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strv.h"

/* Fails on a member whose name is not among `keys`: a slip of the pen. */
must_check int json_member_check(const json_t *object, const char *const *keys,
				 size_t count, struct err *err);

bool json_member_bool(const json_t *object, const char *key, bool otherwise);
uint64_t json_member_number(const json_t *object, const char *key);

/* Adds the strings of an array. */
void json_member_strv(const json_t *object, const char *key, struct strv *ret);

/* The index of the text in `names`. `ret` points to an enum. */
must_check int json_member_index(const json_t *object, const char *key,
				 const char *const *names, size_t count,
				 size_t *ret, struct err *err);
#define json_member_enum(object, key, names, count, ret, err)                  \
	({                                                                     \
		size_t index_ = (size_t) * (ret);                              \
		int r_ = json_member_index(object, key, names, count, &index_, \
					   err);                               \
		*(ret) = (__typeof__(*(ret)))index_;                           \
		r_;                                                            \
	})

/* The number of an errno's name; 0 for "". */
must_check int json_member_errno(const json_t *object, const char *key,
				 int *ret, struct err *err);

#endif
