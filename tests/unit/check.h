/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every unit test includes: cmocka, and checks for tables. Each check
 * takes the input of the row it looks at, so that a failure names it.
 */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

/* cmocka.h needs these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

/* Either text may be NULL. */
void check_text(const char *row, const char *got, const char *want);
void check_number(const char *row, long long got, long long want);

/* The call has succeeded; if not, `err` says why. */
void check_ok(const char *row, int result, const struct err *err);

/* The call has failed with this code, and with exactly this message. */
void check_error(const char *row, int result, const struct err *err, int code,
		 const char *text);

#endif
