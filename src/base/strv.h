/* SPDX-License-Identifier: Apache-2.0 */
/* A growing list of strings, each owned by the list. */
#ifndef XKVM_BASE_STRV_H
#define XKVM_BASE_STRV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct strv {
	char **items; /* owned; ends with NULL, or NULL while empty */
	size_t count;
};

#define STRV_INIT       \
	{               \
		NULL, 0 \
	}
#define cleanup_strv cleanup(strv_done)

void strv_done(struct strv *v);
void strv_add(struct strv *v, const char *s);
void strv_addf(struct strv *v, const char *fmt, ...) printf_like(2, 3);
void strv_take(struct strv *v, char *s); /* takes ownership of s */
bool strv_has(const struct strv *v, const char *s);
void strv_add_unique(struct strv *v, const char *s);
void strv_remove(struct strv *v, const char *s); /* wherever it stands */

#endif
