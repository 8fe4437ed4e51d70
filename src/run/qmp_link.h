/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor's end of QMP. It never blocks and is never needed: should QEMU
 * say nonsense, or nothing, the link is dropped and signals do the work.
 */
#ifndef XKVM_RUN_QMP_LINK_H
#define XKVM_RUN_QMP_LINK_H

#include "base/qmp_stream.h"
#include "run/event_loop.h"
#include "run/outcome.h"

/* An answer that is waited for. */
struct qmp_call {
	unsigned int id; /* 0: none */
	void (*answered)(void *context, const json_t *answer);
	void *context;
};

/* Who wants to know of QEMU's events. It belongs to whoever made it. */
struct qmp_listener {
	/* `data` is NULL where the event has none. */
	void (*event)(struct qmp_listener *listener, const char *event,
		      const json_t *data);
	void *context;
	struct qmp_listener *next;
};

#define QMP_CALLS 8

struct qmp_link {
	/* For an event loop; the caller sets its `call`. Its descriptor is
	 * owned; -1: there is no link. */
	struct event_source source;
	struct qmp_stream stream;
	unsigned int last_id;
	struct qmp_call calls[QMP_CALLS];
	struct qmp_listener *listeners; /* not owned */
};

#define QMP_LINK_INIT                       \
	{                                   \
		.source = EVENT_SOURCE_INIT \
	}

/* Makes the socket pair; *ret_qemu is QEMU's end, owned by the caller. The
 * capabilities are negotiated at once: QEMU reads that when it is ready. */
must_check int qmp_link_open(struct qmp_link *link, int *ret_qemu,
			     struct err *err);

/* Whoever waits for an answer is told that there will be none. */
void qmp_link_close(struct qmp_link *link);

/* Sends a command without waiting for its answer. false where that is not
 * possible. */
bool qmp_link_send(struct qmp_link *link, const char *command);

/*
 * Sends a command with `arguments` (a reference is taken; may be NULL). When
 * its answer comes, `answered` is called with it: an object with "return" or
 * "error", see qmp_message_kind(); with NULL when the link is lost before.
 * false where it cannot be sent, or QMP_CALLS answers are waited for already;
 * `answered` is not called then.
 */
bool qmp_link_call(struct qmp_link *link, const char *command,
		   json_t *arguments,
		   void (*answered)(void *context, const json_t *answer),
		   void *context);

/* Answers to this context are not waited for any more. */
void qmp_link_forget(struct qmp_link *link, const void *context);

/* From now on, and no more. */
void qmp_link_listen(struct qmp_link *link, struct qmp_listener *listener);
void qmp_link_unlisten(struct qmp_link *link, struct qmp_listener *listener);

/* Reads what there is, and notes what concerns the outcome. */
void qmp_link_receive(struct qmp_link *link, struct outcome *outcome);

#endif
