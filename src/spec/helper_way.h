/* SPDX-License-Identifier: Apache-2.0 */
/* By which way the taps are asked for: --helper. */
#ifndef XKVM_SPEC_HELPER_WAY_H
#define XKVM_SPEC_HELPER_WAY_H

#include "base/err.h"

enum helper_way {
	HELPER_AUTO, /* the first of the others that can do it */
	HELPER_DIRECT, /* xkvm-net is started, with the privilege it has */
	HELPER_SOCKET, /* xkvm-net as a service listens on a socket */
	HELPER_QEMU, /* QEMU's own bridge helper */
	HELPER_SUDO, /* xkvm-net is started by sudo(8) */
};
#define HELPER_WAY_COUNT 5

/* Where the service listens (packaging/systemd/xkvm-net.socket). */
#define HELPER_SOCKET_PATH "/run/xkvm/net.socket"

/* "auto", "direct", "socket", "qemu" or "sudo". */
must_check int helper_way_parse(const char *text, enum helper_way *ret,
				struct err *err);
const char *helper_way_name(enum helper_way way);

#endif
