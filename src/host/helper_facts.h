/* SPDX-License-Identifier: Apache-2.0 */
/* From where the privilege for taps may come. Looks only: it starts none of the
 * programs, and does not connect to the service, for which that would be a
 * start. */
#ifndef XKVM_HOST_HELPER_FACTS_H
#define XKVM_HOST_HELPER_FACTS_H

#include "plan/facts.h"

/* `socket` is the path of the service's. */
void host_look_at_helper(const char *socket, struct helper_facts *ret);

/* What a program's file gives to who starts it; takes `path`, which may be
 * NULL. */
void host_look_at_privileged_file(char *path, struct privileged_file *ret);

#endif
