/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's firewall, as far as it has a say in what a bridge passes from port
 * to port. That is so where br_netfilter is loaded and switched on, by a sysctl
 * of the network namespace or for the bridge alone.
 *
 * What the firewall does is for who has CAP_NET_ADMIN to see. Nothing is loaded
 * into the kernel by looking, but for nftables itself, without a rule.
 */
#ifndef XKVM_HOST_FIREWALL_FACTS_H
#define XKVM_HOST_FIREWALL_FACTS_H

#include "plan/facts.h"

/* Looks at the firewall for each Linux bridge of the facts whose frames it
 * sees. Costs the reading of two sysctls where there is none. */
void host_look_at_firewall(struct facts *facts);

/*
 * Adds to `droppers` of the bridge what drops its frames, of nftables and of
 * the older iptables. -EPERM, or another -errno, where the kernel does not say.
 */
must_check int firewall_nft_look(struct bridge_facts *bridge);
must_check int firewall_legacy_look(struct bridge_facts *bridge);

#endif
