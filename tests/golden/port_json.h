/* SPDX-License-Identifier: Apache-2.0 */
/* The member "ports" of a host, which host_json.h describes. */
#ifndef XKVM_GOLDEN_PORT_JSON_H
#define XKVM_GOLDEN_PORT_JSON_H

#include <jansson.h>

#include "plan/questions.h"

/* The facts about the ports that are asked for; `ports` may be NULL. */
must_check int port_json_answer(const json_t *ports, const struct questions *q,
				struct facts *facts, struct err *err);

#endif
