/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, in pieces of any size (the first byte says which): the same
 * messages and errors come out in the same order as when they arrive at once.
 */
#include "input.h"

#include "base/json.h"
#include "base/qmp_stream.h"

/* Notes what is ready: each message as one line of JSON, each error too. */
static void take_all(struct qmp_stream *qmp, struct strbuf *seen)
{
	for (;;) {
		cleanup_json json_t *message = NULL;
		struct err err;
		int r = qmp_stream_next(qmp, &message, &err);

		if (r < 0) {
			require_error(r, &err);
			strbuf_addf(seen, "%s\n", err.text);
			continue;
		}
		if (!message)
			return;
		require(json_is_object(message));
		require(qmp_message_kind(message) <= QMP_OTHER);
		cleanup_free char *text = json_dumps(message, JSON_COMPACT);
		strbuf_addf(seen, "%s\n", text);
	}
}

static void read_in_pieces(const uint8_t *data, size_t size, size_t piece,
			   struct strbuf *seen)
{
	struct qmp_stream qmp = { 0 };
	struct err err;

	for (size_t at = 0; at < size; at += piece) {
		size_t len = size - at < piece ? size - at : piece;

		require(qmp_stream_feed(&qmp, (const char *)data + at, len,
					&err) == 0);
		take_all(&qmp, seen);
	}
	qmp_stream_done(&qmp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_strbuf struct strbuf at_once = STRBUF_INIT;
	cleanup_strbuf struct strbuf in_pieces = STRBUF_INIT;

	if (size < 2)
		return 0;
	read_in_pieces(data + 1, size - 1, size, &at_once);
	read_in_pieces(data + 1, size - 1, data[0] % 32 + 1, &in_pieces);
	require(str_eq(strbuf_str(&at_once), strbuf_str(&in_pieces)));
	return 0;
}
