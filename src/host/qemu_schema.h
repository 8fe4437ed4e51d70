/* SPDX-License-Identifier: Apache-2.0 */
/* The part of query-qmp-schema that says what -drive and -netdev take. See
 * QEMU's docs/devel/qapi-code-gen, "Client JSON Protocol introspection". */
#ifndef XKVM_HOST_QEMU_SCHEMA_H
#define XKVM_HOST_QEMU_SCHEMA_H

#include <jansson.h>

#include "plan/facts.h"

/* Fills block_options, user_options and tap_options, and sets has_schema. A
 * schema that is not as expected leaves them empty. Reads nothing but its
 * argument. */
void qemu_schema_read(const json_t *schema, struct qemu_facts *qemu);

#endif
