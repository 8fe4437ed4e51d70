/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --seed-via smbios, http: the seed comes from a server of xkvm's own. It is at
 * an address of QEMU's user network that leads, by guestfwd, to a socket that
 * QEMU gets by descriptor: the host has no port, and nobody on it sees what is
 * in the seed.
 */
#ifndef XKVM_PLAN_SEED_SERVER_H
#define XKVM_PLAN_SEED_SERVER_H

#include "plan/machine.h"

/* What cloud-init takes for a word about its datasource. */
#define SEED_SERVER_WORDS "ds=nocloud;s=http://10.0.2.5/"

/* Whether it is on this NIC's network, which is the first that can have it. */
bool seed_server_is_on(const struct plan *plan, const struct run_spec *spec,
		       const struct nic_spec *nic);

/* Appends the words of -netdev for that, and remembers it. */
void seed_server_add_forward(struct plan *plan, struct strbuf *netdev);

/* Adds the socket, and who tells the guest. -EINVAL where nothing can, or no
 * NIC leads there. */
must_check int seed_server_add(struct plan *plan, const struct run_spec *spec,
			       const struct machine *machine, struct err *err);

/* What the kernel is to be told, or NULL. */
const char *seed_server_kernel_words(const struct run_spec *spec);

#endif
