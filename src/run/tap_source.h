/* SPDX-License-Identifier: Apache-2.0 */
/* The taps of a plan, by the first of its ways that leads to them. */
#ifndef XKVM_RUN_TAP_SOURCE_H
#define XKVM_RUN_TAP_SOURCE_H

#include "plan/plan.h"
#include "run/tap_client.h"

/* Where taps are coming from, or came from. */
struct tap_source {
	const struct plan *plan; /* not owned */
	const struct tap_request
		*requests; /* for each of its taps; not owned */
	struct tap_client client; /* owned; there is no dialogue where QEMU's
				     bridge helper made the taps */
	bool has_begun; /* by the first way */
	struct err first; /* why it has not, if that way is one to begin by */
};

#define TAP_SOURCE_INIT                    \
	{                                  \
		.client = TAP_CLIENT_INIT, \
	}

/*
 * Asks for the taps by the first way, and does not wait: what else there is to
 * prepare is done meanwhile. What went wrong, tap_source_finish() says. Plan
 * and requests must live as long as the source.
 */
void tap_source_begin(const struct plan *plan,
		      const struct tap_request *requests,
		      struct tap_source *ret);

/*
 * As tap_client_finish(); tap_client_commit() with the source's client keeps
 * the taps. A way that lacks a privilege makes room for the next; what an
 * access list denies is denied by each. Where none is left, the message has
 * what each of them said.
 */
must_check int tap_source_finish(struct tap_source *source, struct tap **ret,
				 size_t *ret_failed, struct err *err);

/* As tap_client_collect(), by the first of the plan's ways that leads there. */
must_check int tap_source_collect(const struct plan *plan, bool is_dry,
				  struct strv *lines, struct err *err);

#endif
