/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static const char *shown(const char *s)
{
	return s ? s : "(NULL)";
}

void check_text(const char *row, const char *got, const char *want)
{
	if (got && want ? !str_eq(got, want) : got != want)
		fail_msg("%s:\n  got  '%s'\n  want '%s'", row, shown(got),
			 shown(want));
}

void check_number(const char *row, long long got, long long want)
{
	if (got != want)
		fail_msg("%s: got %lld, want %lld", row, got, want);
}

void check_ok(const char *row, int result, const struct err *err)
{
	if (result != 0)
		fail_msg("%s: %s (%d)", row, err->text, result);
}

void check_error(const char *row, int result, const struct err *err, int code,
		 const char *text)
{
	if (result == 0)
		fail_msg("%s: is accepted, want '%s'", row, text);
	check_number(row, result, code);
	check_number(row, err->code, code);
	check_text(row, err->text, text);
}
