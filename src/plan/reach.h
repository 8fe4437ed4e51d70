/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How this process gets into the guest, for --wait and --run: by a port of this
 * host, where there is a NIC on the user network; else at the address that the
 * guest's agent tells. And the agent itself, where somebody asks it.
 */
#ifndef XKVM_PLAN_REACH_H
#define XKVM_PLAN_REACH_H

#include "base/strbuf.h"
#include "plan/machine.h"
#include "plan/plan.h"

/* Decides how. -EINVAL where what was asked for cannot be had. To be called
 * when all NICs were added. */
must_check int reach_choose(struct plan *plan, const struct run_spec *spec,
			    const struct facts *facts, struct err *err);

/* Nobody looks at the screen of a guest that is started for a command. */
void reach_add_output(struct plan *plan, const struct run_spec *spec);

/* Adds the agent's port, where there is to be one: behind all other devices, so
 * that theirs keep their addresses. */
void reach_add_agent(struct plan *plan, const struct machine *machine);

/* For a NIC's `netdev`: adds the forwards that are needed and that no NIC has.
 * Only the first NIC on the user network gets any. */
void reach_add_forwards(struct plan *plan, struct strbuf *netdev,
			const struct run_spec *spec, const struct facts *facts,
			const char *id);

/* Whether ssh(1) may be used. */
bool reach_asks_ssh(const struct run_spec *spec);

#endif
