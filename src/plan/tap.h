/* SPDX-License-Identifier: Apache-2.0 */
/* The tap of a NIC on a bridge: its queues, and who moves its packets. */
#ifndef XKVM_PLAN_TAP_H
#define XKVM_PLAN_TAP_H

#include "plan/plan.h"

/*
 * How many queues the NIC gets: 1, or what queues= says. `model` may be NULL
 * where that says nothing. -EINVAL where the device has fewer; for queues=auto
 * that is no failure, it then gets 1.
 */
must_check int tap_count_queues(const struct run_spec *spec,
				const struct nic_spec *nic,
				const struct model_facts *model,
				unsigned int *ret, struct err *err);

/* Appends to the -device what more than one queue needs, mq= and vectors=,
 * where the user has not said them. */
void tap_add_device_words(struct strbuf *device, const struct nic_spec *nic,
			  const struct model_facts *model, unsigned int queues);

/*
 * Adds the tap to the plan, and to the -netdev its descriptors: fd= or fds=,
 * vhost= and vhostfd= or vhostfds=. `id` is the -netdev's; `mac` is NULL where
 * QEMU chooses. Where vhost=auto cannot be had it goes without, with a note;
 * where vhost=on cannot, it fails.
 */
must_check int tap_add(struct plan *plan, struct strbuf *netdev,
		       const struct nic_spec *nic, const char *id,
		       const char *mac, unsigned int queues,
		       const struct facts *facts, struct err *err);

#endif
