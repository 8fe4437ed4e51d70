/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a firmware descriptor: what firmware_parse() accepts is complete,
 * and can be judged; what it refuses has a message.
 */
#include "input.h"

#include <errno.h>

#include "plan/firmware_choice.h"

static void check_firmware(const struct firmware *firmware)
{
	require(str_eq(firmware->source, "/fuzz.json"));
	require(firmware->description);
	require(firmware->interfaces.count > 0);
	require(firmware->code && *firmware->code == '/');
	require(str_eq(firmware->code_format, "raw") ||
		str_eq(firmware->code_format, "qcow2"));
	require(!firmware->vars == !firmware->vars_format);
	require((firmware->mapping == FIRMWARE_SPLIT) ==
		(firmware->vars != NULL));
	require(firmware->target_count > 0);
	for (size_t i = 0; i < firmware->target_count; i++) {
		require(firmware->targets[i].arch);
		require(firmware->targets[i].machines.count > 0);
	}
	require(*firmware_mapping_name(firmware->mapping));
}

/* Where none of its files exists, it may be named and is never taken. */
static void check_choice(const char *text)
{
	struct descriptor_facts descriptor = { .path = (char *)"/fuzz.json",
					       .text = (char *)text };
	const struct facts facts = { .descriptors = &descriptor,
				     .descriptor_count = 1 };
	const struct run_spec spec = RUN_SPEC_INIT;
	const struct machine machine = machine_of("x86_64");
	struct firmware_choice choice;
	struct err err;

	firmware_choose(&spec, &facts, &machine, NULL, &choice);
	require(!choice.firmware);
	require(choice.list.count > 0);
	for (size_t i = 0; i < choice.list.count; i++)
		require(choice.list.items[i].reason);
	int r = firmware_refuse(&choice, &spec, &machine, NULL, &err);
	require(r == -ENOENT);
	require_error(r, &err);
	firmware_choice_done(&choice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	struct firmware firmware;
	struct err err;
	int r = firmware_parse("/fuzz.json", text, &firmware, &err);

	if (r < 0) {
		require(r == -EPROTO);
		require_error(r, &err);
	} else {
		check_firmware(&firmware);
		firmware_done(&firmware);
	}
	check_choice(text);
	return 0;
}
