/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <stdlib.h>

char *input_text(const uint8_t *data, size_t size)
{
	return xstrndup(size ? (const char *)data : "", size);
}

void input_args(const uint8_t *data, size_t size, struct strv *args)
{
	size_t start = 0;

	while (start < size) {
		char *arg = input_text(data + start, size - start);

		start += strlen(arg) + 1;
		strv_take(args, arg);
	}
}

void require(bool holds)
{
	if (!holds)
		abort();
}

void require_error(int result, const struct err *err)
{
	require(result < 0 && err->code == result);
	require(*err->text != '\0' && strlen(err->text) < ERR_TEXT_MAX);
	for (const char *p = err->text; *p; p++)
		require((unsigned char)*p >= ' ' && *p != 0x7f);
}
