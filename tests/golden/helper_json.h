/* SPDX-License-Identifier: Apache-2.0 */
/* The member "helper" of a host, which host_json.h describes. */
#ifndef XKVM_GOLDEN_HELPER_JSON_H
#define XKVM_GOLDEN_HELPER_JSON_H

#include <jansson.h>

#include "plan/facts.h"

/* The facts about who may make taps; `json` may be NULL. */
must_check int helper_json_answer(const json_t *json, const char *socket,
				  struct helper_facts *ret, struct err *err);

#endif
