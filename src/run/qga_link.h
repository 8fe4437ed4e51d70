/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest agent, over a socket pair to a virtio-serial port. Theory of
 * operation:
 *
 * QEMU reads nothing from the socket before a program in the guest has opened
 * the port, so the first sync is sent at once and lies there until an agent
 * comes. When QMP says that the port was opened, another one is sent: that
 * agent may have been a different one. An agent is there when it has answered
 * the last sync. It is gone when the port is closed, and when a command's time
 * is over: then nothing is sent but a sync, and should it be answered after all
 * the agent is back.
 *
 * Nothing here blocks, and nothing that a guest sends can do more than make
 * the agent count as gone.
 */
#ifndef XKVM_RUN_QGA_LINK_H
#define XKVM_RUN_QGA_LINK_H

#include "base/qga_text.h"
#include "run/event_loop.h"
#include "run/qmp_link.h"

/* The device's id, by which QMP speaks of it. */
#define QGA_DEVICE "xkvm-agent"
/* How long a command may take. guest-exec only starts something. */
#define QGA_ANSWER_MS 30000

/* An answer that is waited for. */
struct qga_call {
	void (*answered)(void *context, const json_t *answer);
	void *context;
};

/* Who wants to know when the agent comes and goes. */
struct qga_listener {
	void (*changed)(struct qga_listener *listener);
	void *context;
	struct qga_listener *next;
};

#define QGA_CALLS 8

struct qga_link {
	struct event_source source; /* its descriptor is owned; -1: no link */
	struct event_loop *loop;
	struct qmp_link *qmp;
	struct qmp_listener port; /* hears of the port */
	struct qga_stream stream;
	struct strbuf out; /* what the socket had no room for */
	bool is_there;
	bool is_silent; /* it has been asked, and did not answer in time */
	unsigned int sync_id;
	struct qga_call calls[QGA_CALLS]; /* in their order */
	size_t call_count;
	struct qga_listener *listeners; /* not owned */
};

#define QGA_LINK_INIT                       \
	{                                   \
		.source = EVENT_SOURCE_INIT \
	}

/* Makes the socket pair; *ret_qemu is QEMU's end, owned by the caller. */
must_check int qga_link_open(struct qga_link *link, int *ret_qemu,
			     struct err *err);

/* QEMU has been started. Nothing where the link is not open. */
void qga_link_start(struct qga_link *link, struct event_loop *loop,
		    struct qmp_link *qmp);

/* Whoever waits for an answer is told that there will be none. */
void qga_link_close(struct qga_link *link);

/*
 * Sends a command with `arguments` (a reference is taken; may be NULL).
 * `answered` comes once: with the answer, an object with "return" or "error",
 * or with NULL when the agent is gone before. false where no agent is there, or
 * too much is waited for already; `answered` does not come then.
 */
bool qga_link_call(struct qga_link *link, const char *command,
		   json_t *arguments,
		   void (*answered)(void *context, const json_t *answer),
		   void *context);

/* Sends a command that has no answer where it succeeds. */
bool qga_link_send(struct qga_link *link, const char *command,
		   json_t *arguments);

/* The answers to this context are dropped when they come. */
void qga_link_forget(struct qga_link *link, const void *context);

void qga_link_listen(struct qga_link *link, struct qga_listener *listener);
void qga_link_unlisten(struct qga_link *link, struct qga_listener *listener);

#endif
