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

/* What the answers to one request are read into. */
struct link_answer {
	/* Called for each link; may be NULL. */
	void (*handle)(const struct link *link, void *context);
	void *context;
	bool is_interrupted; /* a dump that does not show one moment */
	bool is_complete;
	int error; /* 0 or -errno, when complete */
};

/* Sends a request, and reads all that answers it; 0 or -errno. */
must_check int link_request_exchange(struct link_socket *s,
				     struct nlmsghdr *request,
				     struct link_answer *answer);

/* Sends one that asks for an NLM_F_ACK and nothing else; 0 or -errno. */
must_check int link_request_send(struct link_socket *s,
				 struct nlmsghdr *request);

#endif
