/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command of --run. Theory of operation:
 *
 * It is a condition like those of --wait (ready.h), the last one: when all
 * others are met, it begins, and its end is what meets it. So the time-out
 * limits it, a panic ends it, and a guest that ends before it does is told.
 *
 * It goes by the guest's agent or by ssh(1), whoever is there first. The agent
 * is there when it answers (qga_link.h), ssh when it has got in once
 * (ssh_login.h). ssh has this process's standard input, output and error
 * itself; the agent wants all input at once and gives all output at the end.
 * An agent that is not allowed to run commands, as on some distributions, is
 * passed over.
 */
#ifndef XKVM_RUN_GUEST_COMMAND_H
#define XKVM_RUN_GUEST_COMMAND_H

#include "run/ready.h"

extern const struct condition_kind GUEST_COMMAND;

/* Powers the guest down, as far as its agent can. */
void guest_command_power_off(struct reach *reach);

#endif
