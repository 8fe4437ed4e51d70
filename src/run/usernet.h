/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What QEMU's monitor says to 'info usernet': for each user network a line with
 * its netdev's id, then a line for each connection (libslirp,
 * slirp_connection_info). No QMP command says the same.
 */
#ifndef XKVM_RUN_USERNET_H
#define XKVM_RUN_USERNET_H

#include <stdbool.h>

struct usernet_line {
	char netdev[32]; /* "net00" */
	bool is_udp;
	char state[24]; /* "HOST_FORWARD", "ESTABLISHED", "SYN_SENT", ... */
	char source[16]; /* an IPv4 address; "*" is any */
	unsigned int source_port;
	unsigned int target_port;
};

struct usernet_text {
	const char *rest; /* at first, the answer */
	char netdev[32];
};

/* The next connection of TCP or UDP; false after the last. */
bool usernet_next(struct usernet_text *text, struct usernet_line *ret);

#endif
