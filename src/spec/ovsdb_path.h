/* SPDX-License-Identifier: Apache-2.0 */
/* --ovsdb: the path of the socket where Open vSwitch's database listens. */
#ifndef XKVM_SPEC_OVSDB_PATH_H
#define XKVM_SPEC_OVSDB_PATH_H

#include "base/err.h"

/* Bytes in the path of a socket, without the terminator (unix(7)). */
#define OVSDB_PATH_MAX 107

/* -EINVAL for a text that can be none. It is absolute: what uses it may be in
 * another folder by then. */
must_check int ovsdb_path_check(const char *path, struct err *err);

#endif
