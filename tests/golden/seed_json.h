/* SPDX-License-Identifier: Apache-2.0 */
/* The members "seed", "ssh-keys" and "yaml" of a host (host_json.h). */
#ifndef XKVM_GOLDEN_SEED_JSON_H
#define XKVM_GOLDEN_SEED_JSON_H

#include <jansson.h>

#include "plan/facts.h"
#include "spec/cloud_init_spec.h"

/* The secret is that of the host's "random". */
must_check int seed_json_answer(const json_t *host,
				const struct cloud_init_spec *spec,
				struct facts *ret, struct err *err);

/* The texts of other files, "texts". */
must_check int seed_json_answer_texts(const json_t *host,
				      const struct strv *paths,
				      struct facts *ret, struct err *err);

#endif
