/* SPDX-License-Identifier: Apache-2.0 */
/* The dialogue of wire.h with one client. */
#ifndef XKVM_NET_SESSION_H
#define XKVM_NET_SESSION_H

#include "fail.h"

/*
 * Serves the client on `fd`, a connected SOCK_SEQPACKET Unix socket, to the
 * end. `ovsdb` is the path of the socket of Open vSwitch's database. Returns
 * the exit status: 0 or 1.
 */
int session_run(int fd, const char *ovsdb);

/* Answers the client with a failure, whatever it asks for. Returns 1. */
int session_refuse(int fd, const struct fail *fail);

#endif
