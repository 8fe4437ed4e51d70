/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by name, and how each may plausibly fail. */
#ifndef XKVM_MATRIX_CALLS_H
#define XKVM_MATRIX_CALLS_H

#define CALL_ERRORS_MAX 4

struct call {
	long number;
	const char *name;
	int errors[CALL_ERRORS_MAX + 1]; /* up to the first 0 */
};

/* The call with that number; NULL: not one that is made to fail. */
const struct call *call_find(long number);

#endif
