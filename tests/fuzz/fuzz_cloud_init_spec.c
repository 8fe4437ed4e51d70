/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what cloud_init_spec_add() takes names files by names that are not
 * empty, and a host by a name that one can have.
 */
#include "input.h"

#include "spec/cloud_init_spec.h"

static void check_spec(const struct cloud_init_spec *spec)
{
	require(spec->is_asked);
	for (size_t i = 0; i < cloud_init_spec_count(spec); i++)
		require(*cloud_init_spec_source(spec, i).path);
	require(!spec->hostname ||
		(*spec->hostname && strlen(spec->hostname) <= 64 &&
		 !strpbrk(spec->hostname, " \t\n/_:")));
	require(!spec->instance_id || !strpbrk(spec->instance_id, " \t\n/"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	struct cloud_init_spec spec = { 0 };
	struct err err;
	int r = cloud_init_spec_add(&spec, text, &err);

	if (r < 0)
		require_error(r, &err);
	else
		check_spec(&spec);
	cloud_init_spec_done(&spec);
	return 0;
}
