/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps a guest's frames from passing its bridge though nothing fails: a
 * bridge that is down, that has no way to the outside, that lets a new port
 * wait, or whose frames the firewall sees.
 *
 * The last is the doing of br_netfilter, which Docker and Kubernetes load: it
 * shows bridged frames to iptables, whose FORWARD they set to DROP.
 */
#ifndef XKVM_PLAN_BRIDGE_NOTES_H
#define XKVM_PLAN_BRIDGE_NOTES_H

#include "plan/plan.h"

/* Notes it of the bridge of each tap, once, with what mends it. */
void bridge_notes_add(struct plan *plan, const struct facts *facts);

#endif
