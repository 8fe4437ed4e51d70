/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as an ssh agent's answer: what is read from it are public keys of
 * one line each.
 */
#include "input.h"

#include "host/ssh_keys.h"
#include "plan/seed_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_strv struct strv keys = STRV_INIT;

	ssh_agent_read_keys(data, size, &keys);
	for (size_t i = 0; i < keys.count; i++) {
		require(seed_keys_is_key(keys.items[i]));
		require(!strpbrk(keys.items[i], "\r\n"));
	}
	return 0;
}
