/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ssh_login.h"

#include <stdio.h>
#include <sys/wait.h>

#define SSH_PORT 22
/* Between two tries. Each costs the emulated guest some work. */
#define RETRY_MS 1000
/* A guest that does not get through a login within this time hangs. */
#define TRY_MS 60000

/* "" is what ssh takes by itself. */
static void choose_user(struct ssh_login *login)
{
	static const char *const users[] = { "root", "" };
	const char *user = login->given;

	if (login->is_taught)
		return;
	if (!user)
		user = users[login->tries % ARRAY_SIZE(users)];
	snprintf(login->user, sizeof(login->user), "%s", user);
}

/* Who tells the name stays for ten seconds after that, and need not. */
static void take_words(void *context)
{
	struct ssh_login *login = context;

	if (login->given || login->is_taught ||
	    !ssh_read_user(strbuf_str(&login->trial.said), login->user))
		return;
	login->is_taught = true;
	ssh_exec_stop(&login->trial);
	login->retry.due = event_now();
}

static void take_end(void *context, int status)
{
	struct ssh_login *login = context;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		ssh_login_stop(login);
		login->usable(login->context);
		return;
	}
	/* root was refused: at once as the other one. */
	bool is_other = !login->given && !login->is_taught &&
			login->tries % 2 == 0;
	login->tries++;
	login->retry.due = event_now() + (is_other ? 0 : RETRY_MS);
}

static void begin_try(struct event_source *source, short revents)
{
	struct ssh_login *login = source->context;
	struct err err;

	(void)revents;
	choose_user(login);
	if (!reach_find(login->reach, SSH_PORT, login->tries, &login->target)) {
		source->due = event_now() + RETRY_MS;
		return;
	}
	if (ssh_exec_start(&login->trial, &login->target, ssh_login_user(login),
			   "exit 0", TRY_MS, &err) < 0) {
		ssh_login_stop(login);
		login->failed(login->context, &err);
	}
}

static void take_banner(void *context)
{
	struct ssh_login *login = context;

	login->retry.due = event_now();
}

const char *ssh_login_user(const struct ssh_login *login)
{
	return *login->user ? login->user : NULL;
}

void ssh_login_start(struct ssh_login *login)
{
	login->is_active = true;
	login->trial = (struct ssh_exec){ .loop = login->reach->loop,
					  .program = login->program,
					  .heard = take_words,
					  .done = take_end,
					  .context = login };
	login->retry = (struct event_source){ .fd = -1,
					      .due = EVENT_NEVER,
					      .call = begin_try,
					      .context = login };
	event_add(login->reach->loop, &login->retry);
	login->probe = (struct probe){ .reach = login->reach,
				       .guest_port = SSH_PORT,
				       .wants_banner = true,
				       .met = take_banner,
				       .context = login };
	probe_start(&login->probe);
}

void ssh_login_stop(struct ssh_login *login)
{
	if (!login->is_active)
		return;
	login->is_active = false;
	probe_stop(&login->probe);
	event_remove(login->reach->loop, &login->retry);
	ssh_exec_stop(&login->trial);
}
