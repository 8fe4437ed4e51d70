/* SPDX-License-Identifier: Apache-2.0 */
/* The client of xkvm-net, which makes the taps. net/wire.h has the protocol. */
#ifndef XKVM_RUN_TAP_CLIENT_H
#define XKVM_RUN_TAP_CLIENT_H

#include "base/strv.h"
#include "run/helper_call.h"
#include "spec/port_spec.h"

/* One tap to ask for. Nothing is owned. */
struct tap_request {
	const char *bridge; /* NULL: a tap on no bridge */
	const char *mac; /* of the guest's NIC; NULL: not known */
	const char *vm; /* the guest's name; NULL: none */
	unsigned int queues; /* 0 is 1 */
	const struct port_spec *port; /* on the bridge; NULL: nothing said */
	bool is_persistent; /* outlives its descriptors; root only */
	unsigned int owner; /* uid, of a persistent tap */
};

struct tap {
	int *fds; /* owned, as are the descriptors: one for each queue */
	size_t fd_count;
	char name[16];
};

/* A dialogue that has been begun and not been ended. */
struct tap_client {
	struct helper_line line;
};

#define TAP_CLIENT_INIT          \
	{                        \
		HELPER_LINE_INIT \
	}

/*
 * Calls xkvm-net and asks for all taps at once. It works on that while the
 * caller does something else, and then calls tap_client_finish(), or
 * tap_client_end(). On failure, which is -EACCES, nothing is left of it.
 */
must_check int tap_client_begin(struct tap_client *client,
				const struct helper_call *call,
				const struct tap_request *requests,
				size_t count, struct err *err);

/*
 * Waits for the taps that these requests began: *ret has one for each request,
 * in order, and the caller owns the array and its descriptors. Until
 * tap_client_commit() they are on approval: should this process end, they are
 * gone. On failure there are none, and *ret_failed is the request at fault or
 * `count` where none is; the message is xkvm-net's. -EACCES says that by
 * another way it may be had: nobody answered, or xkvm-net lacks a privilege
 * there. What the access list says is said by each way.
 */
must_check int tap_client_finish(struct tap_client *client,
				 const struct helper_call *call,
				 const struct tap_request *requests,
				 size_t count, struct tap **ret,
				 size_t *ret_failed, struct err *err);

/* Both in one. */
must_check int tap_client_request(struct tap_client *client,
				  const struct helper_call *call,
				  const struct tap_request *requests,
				  size_t count, struct tap **ret,
				  size_t *ret_failed, struct err *err);

/*
 * Keeps the taps, and says goodbye: tap_client_end() need not wait long then,
 * and may come later. Where `ret_lifeline` is not NULL, they
 * are deleted, all at once, when that descriptor is given to
 * tap_client_release(), or closed with this process. The caller owns it. Where
 * nobody is left to talk to, all are kept, and there is none.
 */
must_check int tap_client_commit(struct tap_client *client, int *ret_lifeline,
				 struct err *err);

/* Has the taps deleted, waits until they are, but not for ever, and closes the
 * lifeline, which may be -1. */
void tap_client_release(int *lifeline);

/* Gives the taps back, if they were not kept, and ends the dialogue. */
void tap_client_end(struct tap_client *client);

/*
 * Has xkvm-net remove what was left behind of earlier taps. Adds a line for
 * each thing to *lines, as "tap xk0123456789 of br0", also where it fails
 * later. Dry: nothing is removed, and the lines say what would be. -EACCES as
 * with tap_client_finish().
 */
must_check int tap_client_collect(const struct helper_call *call, bool is_dry,
				  struct strv *lines, struct err *err);

void taps_free(struct tap *taps, size_t count);

#endif
