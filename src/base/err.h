/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line for a person, and a code for the program.
 *
 * A function that can fail returns 0 or a negative errno and takes a
 * `struct err *` that belongs to its caller. It writes the error if, and only
 * if, it fails; values returned by pointer are left alone then.
 *
 * The code decides xkvm's exit status: -EINVAL says that the command line is
 * wrong (status 2), every other code that this host cannot do it (status 125).
 */
#ifndef XKVM_BASE_ERR_H
#define XKVM_BASE_ERR_H

#include <stdarg.h>

#define must_check __attribute__((warn_unused_result))
#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))

/* Paths may be 4096 bytes; a message is cut, in its middle, to fit. */
#define ERR_TEXT_MAX 1024

struct err {
	int code; /* negative errno; 0 until an error is set */
	char text[ERR_TEXT_MAX]; /* no prefix "xkvm:", no full stop, one line */
};

/*
 * Writes the message and returns `code` (a negative errno), so that a function
 * can end with `return err_set(...)`. Control characters in the result are
 * replaced by '?': what is printed may come from a file's name.
 */
int err_set(struct err *err, int code, const char *fmt, ...) printf_like(3, 4);

/* err_set() with ": " and the description of the errno `code` appended. */
int err_set_errno(struct err *err, int code, const char *fmt, ...)
	printf_like(3, 4);

/* Puts "PREFIX: " before the message of an error that has been set. Returns
 * the code that is in it. */
int err_prefix(struct err *err, const char *fmt, ...) printf_like(2, 3);

#endif
