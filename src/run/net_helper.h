/* SPDX-License-Identifier: Apache-2.0 */
/* What xkvm-net says about its access list. tap_client.h is about its taps. */
#ifndef XKVM_RUN_NET_HELPER_H
#define XKVM_RUN_NET_HELPER_H

#include "base/err.h"

/*
 * Has it check the access list, or, where `path` is not NULL, that file, for
 * `user`, or the caller where it is NULL. It prints what it finds; *ret_status
 * is its exit status: 0 where the list is valid, 1 where it is not, 2 where it
 * could not tell.
 */
must_check int net_helper_check(const char *user, const char *path,
				int *ret_status, struct err *err);

#endif
