/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a database server sends (RFC 7047 over JSON-RPC 1.0): where a message
 * ends in the stream, what it is, and what the results of a transaction say.
 * Pure: it reads and writes no descriptor.
 */
#ifndef XKVM_NET_OVSDB_REPLY_H
#define XKVM_NET_OVSDB_REPLY_H

#include "fail.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* How far a message has been looked at. Zeroed, it is at a message's start. */
struct ovsdb_frame {
	size_t seen; /* bytes */
	unsigned int depth; /* brackets and braces that are open */
	bool is_in_string;
	bool is_escaped; /* the next byte follows a backslash */
};

/*
 * Looks for the end of the message at the start of `data`, from where it left
 * off. Returns its length, blanks before it included; 0 where the end has not
 * come yet; -1 where no message can begin like this.
 */
ssize_t ovsdb_frame_end(struct ovsdb_frame *frame, const char *data,
			size_t len);

enum ovsdb_kind {
	OVSDB_REPLY, /* to the request `number` */
	OVSDB_ECHO, /* to be answered with its `id` and `params` */
	OVSDB_UPDATE, /* `params`: a monitor's id and what has changed */
	OVSDB_OTHER,
};

struct ovsdb_message {
	enum ovsdb_kind kind;
	json_t *root; /* owned; the others point into it, or are NULL */
	json_int_t number;
	json_t *id;
	json_t *params;
	json_t *result; /* NULL: the request failed */
	json_t *error;
};

/* A failure is FAIL_OVS. */
must_check int ovsdb_message_parse(const char *data, size_t len,
				   struct ovsdb_message *ret,
				   struct fail *fail);

void ovsdb_message_free(struct ovsdb_message *message);

/*
 * Has each of `count` operations been done? Where one failed, or the commit
 * did, the failure has the server's words, and `*ret_failed` is its number, or
 * `count` of the commit.
 */
must_check int ovsdb_check_results(const json_t *results, size_t count,
				   size_t *ret_failed, struct fail *fail);

/* What these return belongs to the message. NULL: it is no such thing. */

/* The rows of operation `number`, a select: an array. */
json_t *ovsdb_rows(const json_t *results, size_t number);

/* The text of a value ["uuid", TEXT]: 36 characters. */
const char *ovsdb_uuid(const json_t *value);

/* The row that operation `number` has inserted. */
const char *ovsdb_inserted(const json_t *results, size_t number);

/* The value in a column that holds at most one. */
json_t *ovsdb_optional(const json_t *value);

/* The text that `key` has in a column that is a map. */
const char *ovsdb_map_text(const json_t *map, const char *key);

#endif
