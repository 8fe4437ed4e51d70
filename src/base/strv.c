/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strv.h"

#include <stdlib.h>

void strv_done(struct strv *v)
{
	for (size_t i = 0; i < v->count; i++)
		free(v->items[i]);
	free(v->items);
	*v = (struct strv)STRV_INIT;
}

void strv_take(struct strv *v, char *s)
{
	/* Room is made in powers of two, so that a list grows linearly. */
	if ((v->count & (v->count + 1)) == 0)
		v->items = xreallocarray(v->items, 2 * (v->count + 1),
					 sizeof(*v->items));
	v->items[v->count++] = s;
	v->items[v->count] = NULL;
}

void strv_add(struct strv *v, const char *s)
{
	strv_take(v, xstrdup(s));
}

void strv_addf(struct strv *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strv_take(v, xvasprintf(fmt, ap));
	va_end(ap);
}

bool strv_has(const struct strv *v, const char *s)
{
	for (size_t i = 0; i < v->count; i++)
		if (str_eq(v->items[i], s))
			return true;
	return false;
}

void strv_add_unique(struct strv *v, const char *s)
{
	if (!strv_has(v, s))
		strv_add(v, s);
}

void strv_remove(struct strv *v, const char *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->count; i++) {
		if (str_eq(v->items[i], s))
			free(v->items[i]);
		else
			v->items[kept++] = v->items[i];
	}
	if (v->items)
		v->items[kept] = NULL;
	v->count = kept;
}
