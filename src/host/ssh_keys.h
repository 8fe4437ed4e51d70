/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's public keys: those of the ssh agent, and what ~/.ssh has in .pub
 * files. */
#ifndef XKVM_HOST_SSH_KEYS_H
#define XKVM_HOST_SSH_KEYS_H

#include "base/strv.h"

/* Adds the lines, each once, as they are in a file of public keys. `agent`, the
 * path of its socket, and `folder` may be NULL, and lead to nothing. */
void host_find_ssh_keys(const char *agent, const char *folder,
			struct strv *ret);

/* The keys in an agent's answer, a message of OpenSSH's agent protocol
 * (SSH_AGENT_IDENTITIES_ANSWER) without its length. False where it is none, or
 * cut off. */
bool ssh_agent_read_keys(const void *message, size_t len, struct strv *ret);

#endif
