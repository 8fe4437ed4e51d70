/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any arguments: passthrough_read() reads each of them, and no descriptor that
 * it finds is a standard one, out of range, or there twice. No machine has more
 * CPUs than are counted.
 */
#include "input.h"

#include "spec/passthrough.h"

static void check_fds(const struct passthrough *pt)
{
	for (size_t i = 0; i < pt->fd_count; i++) {
		require(pt->fds[i] > 2 && pt->fds[i] <= 1048576);
		for (size_t j = 0; j < i; j++)
			require(pt->fds[i] != pt->fds[j]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_strv struct strv args = STRV_INIT;
	struct passthrough pt;

	input_args(data, size, &args);
	passthrough_read(&args, &pt);
	check_fds(&pt);
	require(!pt.guest_name || *pt.guest_name);
	require(pt.cpus <= 65535);
	/* No flag is there without the argument that would set it. */
	if (args.count == 0)
		require(!pt.names_accel && !pt.is_daemonized &&
			!pt.is_snapshot && !pt.uses_curses);
	passthrough_done(&pt);
	return 0;
}
