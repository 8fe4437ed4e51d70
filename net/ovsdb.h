/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to Open vSwitch's database (RFC 7047) over a Unix socket.
 *
 * Nothing here waits beyond the deadline it is given (deadline.h): neither to
 * connect, nor to send, nor for an answer. A connection that broke is closed;
 * one that was only too slow is not, so that what is asked on it next is done
 * after what was asked before.
 */
#ifndef XKVM_NET_OVSDB_H
#define XKVM_NET_OVSDB_H

#include "fail.h"
#include "ovsdb_reply.h"

#include <stdint.h>

/* Where the distributions' servers listen. */
#define OVSDB_PATH "/var/run/openvswitch/db.sock"
#define OVSDB_NAME "Open_vSwitch"

struct ovsdb {
	int fd; /* owned; -1: closed */
	char *data; /* owned; received, and not read yet */
	size_t len;
	size_t size;
	struct ovsdb_frame frame; /* of the message at the start of `data` */
	json_int_t number; /* of the last request */
};

#define OVSDB_CLOSED ((struct ovsdb){ .fd = -1 })

/*
 * A failure is FAIL_NOOVS where no server can be there, else FAIL_OVS or as
 * fail_errno() has it.
 */
must_check int ovsdb_open(struct ovsdb *ret, const char *path, int64_t deadline,
			  struct fail *fail);

/* Does nothing to one that is closed. */
void ovsdb_close(struct ovsdb *db);

/*
 * Does the operations, an array, which it takes over, in one transaction, or
 * none of them; NULL says that memory was short when it was built. The results
 * are the caller's. What of them failed is for ovsdb_check_results().
 */
must_check int ovsdb_transact(struct ovsdb *db, json_t *operations,
			      int64_t deadline, json_t **ret_results,
			      struct fail *fail);

/*
 * Waits until `is_reached` holds for the value of a column in a row of the
 * table, now or later. It is told by the server, and does not ask again.
 */
must_check int
ovsdb_await(struct ovsdb *db, const char *table, const char *column,
	    bool (*is_reached)(const json_t *value, const void *context),
	    const void *context, int64_t deadline, struct fail *fail);

#endif
