/* SPDX-License-Identifier: Apache-2.0 */
#include "run/byte_queue.h"

#include <stdlib.h>

#include "base/mem.h"

void byte_queue_init(struct byte_queue *queue, size_t size)
{
	*queue = (struct byte_queue){ .bytes = xcalloc(1, size), .size = size };
}

void byte_queue_done(struct byte_queue *queue)
{
	free(queue->bytes);
	*queue = (struct byte_queue){ 0 };
}

size_t byte_queue_room(const struct byte_queue *queue)
{
	return queue->size - queue->len;
}

void byte_queue_add(struct byte_queue *queue, const char *data, size_t len)
{
	size_t end = (queue->start + queue->len) % queue->size;
	size_t first = queue->size - end < len ? queue->size - end : len;

	memcpy(queue->bytes + end, data, first);
	memcpy(queue->bytes, data + first, len - first);
	queue->len += len;
}

const char *byte_queue_front(const struct byte_queue *queue, size_t *ret_len)
{
	size_t piece = queue->size - queue->start;

	*ret_len = queue->len < piece ? queue->len : piece;
	return queue->bytes + queue->start;
}

void byte_queue_take(struct byte_queue *queue, size_t len)
{
	queue->len -= len;
	queue->start = queue->len ? (queue->start + len) % queue->size : 0;
}
