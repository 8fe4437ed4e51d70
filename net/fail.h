/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a request failed: what an ERR says.
 *
 * A function that can fail returns 0, or -1 after it has written the failure
 * that its caller lent it. It writes it only when it fails.
 */
#ifndef XKVM_NET_FAIL_H
#define XKVM_NET_FAIL_H

#include "wire.h"

#include <stdbool.h>

#define must_check __attribute__((warn_unused_result))

/* In the order of the names in wire.h. */
enum fail_code {
	FAIL_PROTO,
	FAIL_NOBRIDGE,
	FAIL_NOTBRIDGE,
	FAIL_DENIED,
	FAIL_ACL,
	FAIL_QUOTA,
	FAIL_EXISTS,
	FAIL_MAC,
	FAIL_LIMIT,
	FAIL_SYS,
	FAIL_AMBIGUOUS,
	FAIL_OPTION,
	FAIL_NOOVS,
	FAIL_OVS,
};

#define FAIL_NO_NIC (-1)

struct fail {
	enum fail_code code;
	int nic; /* number of the ADD at fault, or FAIL_NO_NIC */
	bool is_eperm; /* the kernel said EPERM: it takes a look to say why */
	char text[NET_TEXT_MAX + 1];
};

/*
 * Writes the failure, at fault no NIC, and returns -1. A text that is too long
 * is cut. Control characters in it are replaced by '?': names that the kernel
 * holds may have them.
 */
int fail_set(struct fail *fail, enum fail_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same for an errno: "TEXT: its description", and a remedy where there is
 * one. The errno decides the code. `detail` is what the kernel had to say
 * beyond the errno, or NULL.
 */
int fail_errno(struct fail *fail, int err, const char *detail, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));

/* Appends "; MORE". */
void fail_append(struct fail *fail, const char *more);

#endif
