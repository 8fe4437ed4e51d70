/* SPDX-License-Identifier: Apache-2.0 */
/* The command lines of ssh(1) by which a guest is reached, and what a guest
 * says to them. Pure. */
#ifndef XKVM_RUN_SSH_TEXT_H
#define XKVM_RUN_SSH_TEXT_H

#include <stdbool.h>

#include "base/strv.h"

/* The longest name of a user that useradd(8) takes. */
#define SSH_USER_MAX 32

/*
 * Adds the arguments, ssh's name the first: never a question, the guest's key
 * neither checked nor remembered, and nothing of what the user's configuration
 * may do besides: no proxy, no forward, no shared connection. `user` NULL: as
 * ssh has it. `command` is for the guest's shell.
 */
void ssh_add_argv(struct strv *argv, const char *host, unsigned int port,
		  const char *user, const char *command);

/*
 * Cloud images answer to root with the name of another user. false where `text`
 * has no such answer, or one with what can be no user's name.
 */
bool ssh_read_user(const char *text, char ret[SSH_USER_MAX + 1]);

#endif
