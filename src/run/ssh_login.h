/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding out as whom, and when, ssh(1) gets into the guest. Theory of
 * operation:
 *
 * When a banner was seen on the guest's port (probe.h), ssh is started with a
 * command that does nothing: as the user that was given; else as root, to whom
 * a cloud image says as whom to come; else as whoever ssh takes by default.
 * While the guest is being set up, none of them may get in yet, so it goes on
 * until one does.
 */
#ifndef XKVM_RUN_SSH_LOGIN_H
#define XKVM_RUN_SSH_LOGIN_H

#include "run/probe.h"
#include "run/ssh_exec.h"
#include "run/ssh_text.h"

struct ssh_login {
	struct reach *reach;
	const char *program;
	const char *given; /* the user; NULL: to be found out */
	void (*usable)(void *context); /* comes once; see `user` */
	/* ssh cannot be started. Comes once, and instead. */
	void (*failed)(void *context, const struct err *why);
	void *context;

	/* How it is, once it is usable. */
	struct reach_target target;
	char user[SSH_USER_MAX + 1]; /* "": ssh's default */

	/* Its own. */
	struct probe probe;
	struct ssh_exec trial;
	struct event_source retry;
	size_t tries;
	bool is_taught; /* `user` is what the guest said */
	bool is_active;
};

/* Who got in; NULL: ssh's default. Belongs to `login`. */
const char *ssh_login_user(const struct ssh_login *login);

void ssh_login_start(struct ssh_login *login);
void ssh_login_stop(struct ssh_login *login);

#endif
