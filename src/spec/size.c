/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/size.h"

#include "base/mem.h"

static const char LETTERS[] = "KMGT";

static uint64_t unit_of(char letter)
{
	for (size_t i = 0; LETTERS[i]; i++)
		if ((letter & ~0x20) == LETTERS[i])
			return UINT64_C(1024) << 10 * i;
	return 0;
}

bool size_parse(const char *text, uint64_t unit, uint64_t *ret)
{
	uint64_t number = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *p - '0', &number))
			return false;
	if (p > text && *p) {
		unit = unit_of(*p);
		p++;
	}
	if (*p || unit == 0 || number == 0 || number > INT64_MAX / unit)
		return false;
	*ret = number * unit;
	return true;
}

char *size_text(uint64_t size)
{
	for (size_t i = strlen(LETTERS); i-- > 0;) {
		uint64_t unit = unit_of(LETTERS[i]);

		if (size >= unit && size % unit == 0)
			return xasprintf("%llu%c",
					 (unsigned long long)(size / unit),
					 LETTERS[i]);
	}
	return xasprintf("%llu bytes", (unsigned long long)size);
}
