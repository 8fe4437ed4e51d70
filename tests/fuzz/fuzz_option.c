/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any command line: run_options_parse() ends with a spec that can be planned,
 * or with a usage error that says what is wrong.
 */
#include "input.h"

#include <errno.h>

#include "cmd/run_options.h"

static void check_spec(const struct run_spec *spec, enum run_request request)
{
	require(spec->grace_ms <= 86400000);
	require(spec->supports_file_locking == -1);
	if (request != REQUEST_RUN)
		return;
	require(!spec->bios || !spec->is_uefi);
	require(!spec->nvram || spec->is_uefi);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct run_environment nothing = { 0 };
	cleanup_strv struct strv args = STRV_INIT;
	enum run_request request;
	struct run_spec spec;
	struct err err;

	strv_add(&args, "xkvm");
	input_args(data, size, &args);
	int r = run_options_parse((int)args.count, args.items, &nothing, &spec,
				  &request, &err);
	if (r < 0) {
		require(r == -EINVAL);
		require_error(r, &err);
		return 0;
	}
	check_spec(&spec, request);
	run_spec_done(&spec);
	return 0;
}
