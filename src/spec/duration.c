/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/duration.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

static const struct {
	const char *name;
	unsigned int ms;
} UNITS[] = {
	{ "", 1000 },	{ "ms", 1 },	  { "s", 1000 },
	{ "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Milliseconds in a unit of that name; 0 where there is none. */
static unsigned int unit_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(UNITS); i++)
		if (str_eq(name, UNITS[i].name))
			return UNITS[i].ms;
	return 0;
}

/* A number as a fraction of two integers, so that no rounding is QEMU's or the
 * C library's. Whatever is over the limit stays over it. */
struct number {
	uint64_t value, scale;
};

#define VALUE_MAX UINT64_C(1000000000000)
#define SCALE_MAX UINT64_C(1000000)

/* Returns where the number ends, or NULL where none begins. */
static const char *read_number(const char *s, struct number *ret)
{
	struct number n = { 0, 1 };

	if (!is_digit(*s))
		return NULL;
	for (; is_digit(*s); s++)
		if (n.value < VALUE_MAX)
			n.value = n.value * 10 + (uint64_t)(*s - '0');
	if (*s == '.' && is_digit(s[1])) {
		for (s++; is_digit(*s); s++) {
			if (n.scale >= SCALE_MAX || n.value >= VALUE_MAX)
				continue;
			n.value = n.value * 10 + (uint64_t)(*s - '0');
			n.scale *= 10;
		}
	}
	*ret = n;
	return s;
}

int duration_parse(const char *text, unsigned int *ret, struct err *err)
{
	struct number n;
	const char *rest = read_number(text, &n);
	unsigned int unit = rest ? unit_of(rest) : 0;

	if (!unit)
		return err_set(err, -EINVAL,
			       "give a time, such as 90, 90s, 5m or 1h");
	/* At most 10^13 times 10^8, which 64 bits do not hold. */
	if (n.value / n.scale > DURATION_MAX_MS / unit)
		return err_set(err, -EINVAL, "give a time of up to 7d");
	uint64_t ms = (n.value * unit + n.scale - 1) / n.scale;
	if (ms > DURATION_MAX_MS)
		return err_set(err, -EINVAL, "give a time of up to 7d");
	*ret = (unsigned int)ms;
	return 0;
}
