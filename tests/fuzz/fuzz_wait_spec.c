/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as the value of --wait, --timeout, --console and --console-log: what
 * is accepted keeps to its limits and can be said again, what is refused has a
 * message of one line.
 */
#include "input.h"

#include "spec/console_spec.h"
#include "spec/duration.h"
#include "spec/wait_spec.h"

static void read_wait(const char *text)
{
	struct wait_spec wait, again;
	struct err err;
	int r = wait_spec_parse(text, &wait, &err);

	if (r < 0) {
		require_error(r, &err);
		return;
	}
	require(str_eq(wait.arg, text));
	require((wait.kind == WAIT_TEXT) == (wait.text != NULL));
	require(wait.kind != WAIT_PORT || (wait.port > 0 && wait.port < 65536));
	require(wait.kind != WAIT_COMMAND);
	require(wait_spec_parse(wait.arg, &again, &err) == 0);
	require(again.kind == wait.kind && again.port == wait.port);
	wait_spec_done(&again);
	wait_spec_done(&wait);
}

static void read_duration(const char *text)
{
	unsigned int ms;
	struct err err;
	int r = duration_parse(text, &ms, &err);

	if (r < 0)
		require_error(r, &err);
	else
		require(ms <= DURATION_MAX_MS);
}

static void read_console(const char *text)
{
	struct console_spec console = { 0 };
	struct err err;
	int r = console_spec_set_place(&console, text, &err);

	if (r < 0)
		require_error(r, &err);
	else
		require(*console_place_name(console.place));
	r = console_spec_set_log(&console, text, &err);
	if (r < 0)
		require_error(r, &err);
	else
		require(console.log && *console.log);
	console_spec_done(&console);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);

	read_wait(text);
	read_duration(text);
	read_console(text);
	return 0;
}
