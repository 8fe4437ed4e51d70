/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ssh_login.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void end_ssh(struct ssh_login *login, int *ret_status)
{
	struct err ignored;

	*ret_status = -1;
	event_remove(login->reach->loop, &login->output);
	event_remove(login->reach->loop, &login->ended);
	close_fd(&login->output.fd);
	if (login->ssh.pidfd >= 0 &&
	    process_wait(&login->ssh, ret_status, &ignored) < 0)
		close_fd(&login->ssh.pidfd);
}

static void kill_ssh(struct ssh_login *login)
{
	int status;

	if (login->ssh.pidfd < 0)
		return;
	process_signal(&login->ssh, SIGKILL);
	end_ssh(login, &status);
}

static void take_output(struct event_source *source, short revents)
{
	struct ssh_login *login = source->context;
	char *at = login->said + login->said_len;
	size_t room = sizeof(login->said) - 1 - login->said_len;
	/* More than that says nothing more. */
	ssize_t n = room > 0 ? read(source->fd, at, room) : 0;

	(void)revents;
	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		event_remove(login->reach->loop, source);
		return;
	}
	login->said_len += (size_t)n;
	login->said[login->said_len] = '\0';
	/* It stays for ten seconds after that, and there is no need to. */
	if (!login->given && !login->is_taught &&
	    ssh_read_user(login->said, login->user)) {
		login->is_taught = true;
		kill_ssh(login);
		login->retry.due = event_now();
	}
}

static void take_end(struct event_source *source, short revents)
{
	struct ssh_login *login = source->context;
	int status;

	if (revents == 0) {
		kill_ssh(login);
		login->retry.due = event_now();
		return;
	}
	end_ssh(login, &status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		/* root was refused: at once as the other one. */
		bool is_other = !login->given && !login->is_taught &&
				login->tries % 2 == 0;

		login->tries++;
		login->retry.due = event_now() + (is_other ? 0 : RETRY_MS);
		return;
	}
	ssh_login_stop(login);
	login->usable(login->context);
}

static int start_ssh(struct ssh_login *login, struct err *err)
{
	cleanup_strv struct strv argv = STRV_INIT;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set_errno(err, -errno, "cannot make a pipe");
	const struct process_fd outputs[] = { { fds[1], 1 }, { fds[1], 2 } };
	const struct process_start start = {
		.path = login->program,
		.fds = outputs,
		.fd_count = ARRAY_SIZE(outputs),
		.death_signal = SIGTERM,
		.own_group = true,
		.is_stdin_empty = true,
	};
	struct process_start with_argv = start;
	ssh_add_argv(&argv, login->target.host, login->target.port,
		     *login->user ? login->user : NULL, "exit 0");
	with_argv.argv = argv.items;
	int r = process_start(&with_argv, &login->ssh, err);
	close(fds[1]);
	if (r < 0) {
		close(fds[0]);
		return r;
	}
	login->output.fd = fds[0];
	return 0;
}

static void begin_try(struct event_source *source, short revents)
{
	struct ssh_login *login = source->context;
	struct err err;

	(void)revents;
	choose_user(login);
	login->said_len = 0;
	login->said[0] = '\0';
	if (!reach_find(login->reach, SSH_PORT, login->tries, &login->target)) {
		source->due = event_now() + RETRY_MS;
		return;
	}
	if (start_ssh(login, &err) < 0) {
		ssh_login_stop(login);
		login->failed(login->context, &err);
		return;
	}
	login->output.events = POLLIN;
	login->output.call = take_output;
	login->output.context = login;
	login->ended = (struct event_source){ .fd = login->ssh.pidfd,
					      .events = POLLIN,
					      .due = event_now() + TRY_MS,
					      .call = take_end,
					      .context = login };
	event_add(login->reach->loop, &login->output);
	event_add(login->reach->loop, &login->ended);
}

static void take_banner(void *context)
{
	struct ssh_login *login = context;

	login->retry.due = event_now();
}

void ssh_login_start(struct ssh_login *login)
{
	login->is_active = true;
	login->ssh = (struct process)PROCESS_INIT;
	login->output = (struct event_source)EVENT_SOURCE_INIT;
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
	kill_ssh(login);
}
