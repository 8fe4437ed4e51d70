/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses for NICs that were given none. */
#ifndef XKVM_PLAN_GUEST_MAC_H
#define XKVM_PLAN_GUEST_MAC_H

#include <stdint.h>

#include "plan/facts.h"
#include "spec/run_spec.h"

/*
 * The address of NIC `number`: the same at every start of the same guest,
 * which is told by the machine, the user and the guest's name or else its
 * first writable disk; random where there is neither. Always
 * 52:54:00:xx:xx:xx, and never one of 52:54:00:12:34:xx, which QEMU and
 * shortened addresses use.
 */
struct mac guest_mac_stable(const struct run_spec *spec,
			    const struct facts *facts, unsigned int number);

/* Random last three octets, for mac=random. */
struct mac guest_mac_random(const struct facts *facts, unsigned int number);

/*
 * The address of a NIC: what it is given, else a stable one on a bridge. False
 * where QEMU chooses. It does not where there is a seed, which tells the NICs
 * by their addresses; they are then those that QEMU would choose.
 */
bool guest_mac_choose(const struct run_spec *spec, const struct nic_spec *nic,
		      const struct facts *facts, unsigned int number,
		      struct mac *ret);

#endif
