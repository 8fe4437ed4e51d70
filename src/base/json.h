/* SPDX-License-Identifier: Apache-2.0 */
/* Small additions to jansson. */
#ifndef XKVM_BASE_JSON_H
#define XKVM_BASE_JSON_H

#include <jansson.h>

#include "base/strv.h"

#define cleanup_json cleanup(cleanup_json_p)

void cleanup_json_p(json_t **json);

/*
 * A JSON string of any C string. JSON is UTF-8 and a file's name need not be:
 * a byte that is none becomes U+FFFD. NULL becomes null.
 */
json_t *json_text(const char *s);

/* Whether these bytes are UTF-8. */
bool json_is_text(const char *s, size_t len);

/* An array of json_text(). */
json_t *json_text_array(const struct strv *v);

/* The member `key` if it is a string, else NULL. Belongs to `object`. */
const char *json_member_text(const json_t *object, const char *key);

#endif
