/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One fwd= of a NIC on the user network: a port of this host that leads to one
 * of the guest's. And what QEMU's own word for that, hostfwd=, says.
 */
#ifndef XKVM_SPEC_FWD_SPEC_H
#define XKVM_SPEC_FWD_SPEC_H

#include <stdbool.h>

#include "base/err.h"

/* An address in the text form of IPv4, with the terminator. */
#define FWD_ADDRESS_SIZE 16

struct fwd_spec {
	bool is_udp;
	char address[FWD_ADDRESS_SIZE]; /* of this host: "127.0.0.1" */
	unsigned int host_port; /* 0: one that is free */
	unsigned int guest_port;
	bool is_hostfwd; /* QEMU is told by the user's own word */
};

/* [[ADDRESS]:][PORT]:GUEST-PORT[/tcp|/udp]. Without an address it is
 * 127.0.0.1. */
must_check int fwd_spec_parse(const char *value, struct fwd_spec *ret,
			      struct err *err);

/*
 * [tcp|udp]:[ADDRESS]:PORT-[GUEST]:GUEST-PORT, as QEMU's net/slirp.c reads it.
 * false where it is not that: QEMU will say so, or knows more than this.
 */
bool fwd_spec_read_hostfwd(const char *value, struct fwd_spec *ret);

/* Whether both cannot be had at the same time: one port, of one protocol, on
 * one address or on all. What QEMU's own words make of each other is QEMU's
 * affair. */
bool fwd_spec_clash(const struct fwd_spec *a, const struct fwd_spec *b);

#endif
