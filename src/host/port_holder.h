/* SPDX-License-Identifier: Apache-2.0 */
/* Who has a port of this host, by what the kernel shows in /proc. */
#ifndef XKVM_HOST_PORT_HOLDER_H
#define XKVM_HOST_PORT_HOLDER_H

#include "spec/fwd_spec.h"

/* "process 123 (sshd)", or, where the process is hidden from this user, whose
 * it is. Owned by the caller; NULL where nobody is found. */
char *port_holder(const struct fwd_spec *fwd);

#endif
