/* SPDX-License-Identifier: Apache-2.0 */
/* The public keys of --ssh-key. */
#ifndef XKVM_PLAN_SEED_KEYS_H
#define XKVM_PLAN_SEED_KEYS_H

#include "plan/facts.h"
#include "spec/cloud_init_spec.h"

/* All of them, each once, in the order of the files and then those that were
 * found. -EINVAL where a file is none of public keys, -ENOENT where none was
 * found. */
must_check int seed_keys_collect(const struct cloud_init_spec *spec,
				 const struct seed_facts *facts,
				 struct strv *ret, struct err *err);

/* Whether a line is one of authorized_keys(5), with options or without. */
bool seed_keys_is_key(const char *line);

#endif
