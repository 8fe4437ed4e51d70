/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any stream from a database server: where it is cut makes no difference to
 * where its messages end; a message that is read can be asked for everything;
 * and what is refused is, with FAIL_OVS and a printable text.
 */
#include "ovsdb_reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define OPERATIONS 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_failure(const struct fail *fail)
{
	if (fail->code != FAIL_OVS || !*fail->text)
		abort();
	for (const char *p = fail->text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
}

static void check_rows(const json_t *results)
{
	for (size_t i = 0; i < OPERATIONS; i++) {
		json_t *rows = ovsdb_rows(results, i);
		const json_t *row;
		const char *uuid = ovsdb_inserted(results, i);
		size_t j;

		if (uuid && strlen(uuid) != NET_UUID_LENGTH)
			abort();
		json_array_foreach (rows, j, row) {
			uuid = ovsdb_uuid(json_object_get(row, "_uuid"));
			if (uuid && strlen(uuid) != NET_UUID_LENGTH)
				abort();
			ovsdb_optional(json_object_get(row, "ofport"));
			ovsdb_map_text(json_object_get(row, "external_ids"),
				       "xkvm-id");
		}
	}
}

static void check_message(const char *data, size_t len)
{
	struct ovsdb_message message;
	size_t failed = OPERATIONS + 1;
	struct fail fail;

	if (ovsdb_message_parse(data, len, &message, &fail) < 0) {
		check_failure(&fail);
		return;
	}
	if (ovsdb_check_results(message.result, OPERATIONS, &failed, &fail) <
	    0) {
		check_failure(&fail);
		if (failed > OPERATIONS)
			abort();
	} else {
		check_rows(message.result);
	}
	ovsdb_message_free(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct ovsdb_frame whole = { 0 }, pieces = { 0 };
	ssize_t end = ovsdb_frame_end(&whole, text, size), by_bytes = 0;

	for (size_t len = 0; len <= size && by_bytes == 0; len++)
		by_bytes = ovsdb_frame_end(&pieces, text, len);
	if (end != by_bytes || end > (ssize_t)size)
		abort();
	check_message(text, end > 0 ? (size_t)end : size);
	return 0;
}
