/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that a client may give to its taps. They are narrower than the
 * kernel's: a name stands in configuration files, in patterns, in sysctls and
 * on command lines of the host, and must be nothing but a name there.
 *
 * One begins with a letter, then come letters, digits, '.', '_' and '-'. None
 * is one of those that xkvm-net makes up, which are never used again.
 */
#ifndef XKVM_NET_TAP_NAME_H
#define XKVM_NET_TAP_NAME_H

#include <stdbool.h>
#include <stddef.h>

bool tap_name_is_valid(const char *name, size_t len);

/* Could such a name begin like this? */
bool tap_name_is_prefix(const char *text, size_t len);

#endif
