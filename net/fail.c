/* SPDX-License-Identifier: Apache-2.0 */
#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	int err;
	enum fail_code code;
	const char *remedy;
} remedies[] = {
	{ EPERM, FAIL_DENIED, NULL },
	{ EMFILE, FAIL_LIMIT, "raise the limit on open files ('ulimit -n')" },
	{ ENFILE, FAIL_LIMIT, "raise the sysctl fs.file-max" },
	{ ETOOMANYREFS, FAIL_LIMIT,
	  "raise the limit on open files ('ulimit -n')" },
	{ ENOMEM, FAIL_LIMIT, "free some memory" },
	{ ENOBUFS, FAIL_LIMIT, "free some memory" },
	{ EXFULL, FAIL_LIMIT, "remove ports from that bridge" },
};

/* Appends to the text, and makes the whole of it printable. */
__attribute__((format(printf, 2, 0))) static void
append(struct fail *fail, const char *fmt, va_list args)
{
	size_t used = strlen(fail->text);

	vsnprintf(fail->text + used, sizeof(fail->text) - used, fmt, args);
	for (char *p = fail->text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
}

__attribute__((format(printf, 2, 3))) static void
append_format(struct fail *fail, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	append(fail, fmt, args);
	va_end(args);
}

static void start(struct fail *fail, enum fail_code code)
{
	fail->code = code;
	fail->nic = FAIL_NO_NIC;
	fail->is_eperm = false;
	fail->text[0] = '\0';
}

int fail_set(struct fail *fail, enum fail_code code, const char *fmt, ...)
{
	va_list args;

	start(fail, code);
	va_start(args, fmt);
	append(fail, fmt, args);
	va_end(args);
	return -1;
}

int fail_errno(struct fail *fail, int err, const char *detail, const char *fmt,
	       ...)
{
	const char *remedy = NULL;
	va_list args;

	start(fail, FAIL_SYS);
	fail->is_eperm = err == EPERM;
	for (size_t i = 0; i < ARRAY_SIZE(remedies); i++) {
		if (remedies[i].err == err) {
			fail->code = remedies[i].code;
			remedy = remedies[i].remedy;
		}
	}
	va_start(args, fmt);
	append(fail, fmt, args);
	va_end(args);
	append_format(fail, ": %s", strerror(err));
	if (detail && *detail)
		append_format(fail, " (%s)", detail);
	if (remedy)
		append_format(fail, "; %s", remedy);
	return -1;
}

void fail_append(struct fail *fail, const char *more)
{
	append_format(fail, "; %s", more);
}
