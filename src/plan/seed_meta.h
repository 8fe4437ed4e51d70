/* SPDX-License-Identifier: Apache-2.0 */
/* Meta-data: who the guest is, and who may log in. */
#ifndef XKVM_PLAN_SEED_META_H
#define XKVM_PLAN_SEED_META_H

#include "base/strbuf.h"
#include "plan/facts.h"
#include "spec/cloud_init_spec.h"

struct seed_identity {
	const char *instance_id;
	const char *hostname;
	const struct strv *ssh_keys;
};

/* -EINVAL where the user's file cannot be what it is to be, or says the same
 * as an option. */
must_check int seed_meta_check(const struct seed_text *text,
			       const struct cloud_init_spec *spec,
			       const struct strv *ssh_keys, struct err *err);

/* Appends it: what the user's file says (`text` may be NULL), and before that
 * what it leaves open. The file has been checked. */
void seed_meta_add(struct strbuf *sb, const struct seed_text *text,
		   const struct seed_identity *identity);

#endif
