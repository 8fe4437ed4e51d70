/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to rtnetlink, for the files that make them; link.h is for others. */
#ifndef XKVM_NET_LINK_REQUEST_H
#define XKVM_NET_LINK_REQUEST_H

#include "link.h"

#include <libmnl/libmnl.h>

#define LINK_REQUEST_SIZE 1024

/*
 * Begins a request about an interface, or about all (index 0), in a buffer that
 * is aligned like a struct nlmsghdr.
 */
struct nlmsghdr *link_request_start(char buffer[static LINK_REQUEST_SIZE],
				    uint16_t type, uint16_t flags,
				    uint32_t index);

/* Sends one that asks for an NLM_F_ACK and nothing else; 0 or -errno. */
must_check int link_request_send(struct link_socket *s,
				 struct nlmsghdr *request);

#endif
