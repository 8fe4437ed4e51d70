/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supervisor's end of QMP. It never blocks and is never needed: should QEMU
 * say nonsense, or nothing, the link is dropped and signals do the work.
 */
#ifndef XKVM_RUN_QMP_LINK_H
#define XKVM_RUN_QMP_LINK_H

#include "base/qmp_stream.h"
#include "run/outcome.h"

struct qmp_link {
	int socket; /* owned; -1: there is no link */
	struct qmp_stream stream;
	unsigned int last_id;
};

#define QMP_LINK_INIT        \
	{                    \
		.socket = -1 \
	}

/* Makes the socket pair; *ret_qemu is QEMU's end, owned by the caller. The
 * capabilities are negotiated at once: QEMU reads that when it is ready. */
must_check int qmp_link_open(struct qmp_link *link, int *ret_qemu,
			     struct err *err);
void qmp_link_close(struct qmp_link *link);

/* Sends a command without waiting for its answer. false where that is not
 * possible. */
bool qmp_link_send(struct qmp_link *link, const char *command);

/* Reads what there is, and notes what concerns the outcome. */
void qmp_link_receive(struct qmp_link *link, struct outcome *outcome);

#endif
