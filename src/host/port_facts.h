/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of this host: whether they are free, and who has them otherwise. */
#ifndef XKVM_HOST_PORT_FACTS_H
#define XKVM_HOST_PORT_FACTS_H

#include "plan/facts.h"

/* Binds a socket to the port, as QEMU would, and closes it. */
void host_look_at_port(const struct fwd_spec *fwd, struct port_facts *ret);

#endif
