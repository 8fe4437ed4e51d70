/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any JSON: qemu_schema_read() takes what it finds, and no option that it
 * finds is empty or there twice.
 */
#include "input.h"

#include "base/json.h"
#include "host/qemu_schema.h"

static void check_options(struct strv *options)
{
	for (size_t i = 0; i < options->count; i++) {
		require(*options->items[i] != '\0');
		for (size_t j = 0; j < i; j++)
			require(!str_eq(options->items[i], options->items[j]));
	}
	strv_done(options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_json json_t *schema =
		json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);
	struct qemu_facts qemu = { 0 };

	qemu_schema_read(schema, &qemu);
	require(qemu.has_schema);
	check_options(&qemu.block_options);
	check_options(&qemu.user_options);
	check_options(&qemu.tap_options);
	return 0;
}
