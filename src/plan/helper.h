/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who makes the taps. All ways but one lead to xkvm-net, which holds a client
 * to the access list whichever way it came; they differ in where its privilege
 * is from. In the order in which they are tried:
 *
 *   direct  costs nothing, and needs nobody
 *   socket  the service, set up for this; reaches Open vSwitch, and works where
 *           a program cannot gain a privilege
 *   qemu    QEMU's bridge helper knows plain ports of Linux bridges, and has no
 *           guardian
 *   sudo    may ask for a password, writes to the log, and mails the
 *           administrator about users who may not
 */
#ifndef XKVM_PLAN_HELPER_H
#define XKVM_PLAN_HELPER_H

#include "plan/plan.h"

/*
 * Decides for the taps that are in the plan. No way at all is no failure: the
 * plan then says why, and a run fails with that. -EINVAL where --helper names
 * one that cannot do what the NICs ask for.
 */
must_check int helper_choose(struct plan *plan, const struct run_spec *spec,
			     const struct facts *facts, struct err *err);

/*
 * Decides, for a plan without taps, who removes what is left of earlier ones:
 * `asked` is that of --helper. -EINVAL where that one cannot.
 */
must_check int helper_choose_collector(struct plan *plan, enum helper_way asked,
				       const struct facts *facts,
				       struct err *err);

/* Whether there is a service to ask about bridges that are not here. */
bool helper_reaches_elsewhere(const struct run_spec *spec,
			      const struct facts *facts);

#endif
