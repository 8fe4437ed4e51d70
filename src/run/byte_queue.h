/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes on their way from one descriptor to another: a ring of a fixed size,
 * allocated once. */
#ifndef XKVM_RUN_BYTE_QUEUE_H
#define XKVM_RUN_BYTE_QUEUE_H

#include <stddef.h>

struct byte_queue {
	char *bytes; /* owned */
	size_t size, start, len;
};

void byte_queue_init(struct byte_queue *queue, size_t size);
void byte_queue_done(struct byte_queue *queue);

/* How many bytes can be added. */
size_t byte_queue_room(const struct byte_queue *queue);

/* Adds them; there must be room. */
void byte_queue_add(struct byte_queue *queue, const char *data, size_t len);

/* The first bytes that are in one piece; *ret_len is 0 where there are none.
 * Valid until the queue is changed. */
const char *byte_queue_front(const struct byte_queue *queue, size_t *ret_len);

/* Drops so many of the first bytes. */
void byte_queue_take(struct byte_queue *queue, size_t len);

#endif
