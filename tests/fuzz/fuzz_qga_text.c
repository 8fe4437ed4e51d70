/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest may send: any bytes, in pieces of any size (the first byte says
 * which). The same objects come out as when they arrive at once. A command's
 * output that is taken is, encoded again, what was sent.
 */
#include "input.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/qga_text.h"

static void check_output(const json_t *answer, const char *key,
			 const struct strbuf *output)
{
	const char *sent =
		json_member_text(json_object_get(answer, "return"), key);
	cleanup_strbuf struct strbuf again = STRBUF_INIT;

	base64_add(&again, strbuf_str(output), output->len, 0);
	require(str_eq(strbuf_str(&again), sent ? sent : ""));
}

static void read_answer(const json_t *answer)
{
	cleanup_strv struct strv addresses = STRV_INIT;
	struct qga_exec_end end;
	json_int_t pid;

	if (qga_exec_read(answer, &end) == QGA_EXEC_ENDED) {
		require(end.status >= 0 && end.status <= 255);
		check_output(answer, "out-data", &end.out);
		check_output(answer, "err-data", &end.err);
		qga_exec_end_done(&end);
	}
	if (qga_may_use(answer, "guest-exec"))
		require(json_object_get(answer, "return"));
	if (qga_exec_pid(answer, &pid))
		require(!qga_is_sync(answer, 1));
	qga_read_addresses(answer, &addresses);
	for (size_t i = 0; i < addresses.count; i++)
		require(*addresses.items[i]);
}

static void take_all(struct qga_stream *stream, struct strbuf *seen)
{
	json_t *object;

	while ((object = qga_stream_next(stream))) {
		cleanup_free char *text = json_dumps(object, JSON_COMPACT);

		require(json_is_object(object));
		require(!qga_error(object) ==
			!json_object_get(object, "error"));
		read_answer(object);
		strbuf_addf(seen, "%s\n", text);
		json_decref(object);
	}
}

static void read_in_pieces(const uint8_t *data, size_t size, size_t piece,
			   struct strbuf *seen)
{
	struct qga_stream stream = { 0 };
	struct err err;

	for (size_t at = 0; at < size; at += piece) {
		size_t len = size - at < piece ? size - at : piece;

		require(qga_stream_feed(&stream, (const char *)data + at, len,
					&err) == 0);
		take_all(&stream, seen);
	}
	qga_stream_done(&stream);
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
