/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads YAML by libyaml. It is loaded only here, so that no other run pays for
 * it.
 */
#ifndef XKVM_HOST_YAML_FACTS_H
#define XKVM_HOST_YAML_FACTS_H

#include "plan/facts.h"

/* What the text is; that it is no YAML is part of it. -ENOTSUP where libyaml
 * cannot be loaded. */
must_check int host_read_yaml(const char *text, size_t len,
			      struct yaml_facts *ret, struct err *err);

#endif
