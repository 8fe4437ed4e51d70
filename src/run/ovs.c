/* SPDX-License-Identifier: Apache-2.0 */
#include "run/ovs.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strv.h"
#include "host/process.h"
#include "host/program.h"

/* ovs-vsctl's own limit, and ours should it hang all the same. */
#define VSCTL_TIMEOUT "--timeout=5"
#define VSCTL_DEADLINE_MS 7000

/* What one call left behind. */
struct answer {
	int status; /* of exit(3); -1: killed */
	char text[512]; /* what it wrote, both streams, one line */
};

static void read_answer(int fd, struct answer *answer)
{
	ssize_t n = pread(fd, answer->text, sizeof(answer->text) - 1, 0);

	answer->text[n > 0 ? n : 0] = '\0';
	size_t len = strlen(answer->text);
	while (len > 0 && answer->text[len - 1] == '\n')
		answer->text[--len] = '\0';
}

static int wait_deadline(struct process *process, struct answer *answer,
			 struct err *err)
{
	struct pollfd pfd = { .fd = process->pidfd, .events = POLLIN };
	bool is_late = poll(&pfd, 1, VSCTL_DEADLINE_MS) <= 0;
	int status;

	if (is_late)
		process_signal(process, SIGKILL);
	int r = process_wait(process, &status, err);
	if (r < 0)
		return r;
	if (is_late)
		return err_set(err, -ETIMEDOUT,
			       "Open vSwitch did not answer within %d s",
			       VSCTL_DEADLINE_MS / 1000);
	answer->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return 0;
}

/* ovs-vsctl's status when its --timeout has run out: SIGALRM. */
static bool has_timed_out(const struct answer *answer)
{
	return answer->status == -1;
}

static int vsctl(const char *path, const char *db, const char *const *args,
		 struct answer *answer, struct err *err)
{
	struct strv argv = STRV_INIT;
	struct process process = PROCESS_INIT;
	cleanup_close int out = memfd_create("ovs-vsctl", MFD_CLOEXEC);
	const struct process_fd fds[] = { { out, 1 }, { out, 2 } };

	strv_add(&argv, "ovs-vsctl");
	strv_add(&argv, VSCTL_TIMEOUT);
	if (db)
		strv_addf(&argv, "--db=unix:%s", db);
	for (size_t i = 0; args[i]; i++)
		strv_add(&argv, args[i]);
	const struct process_start start = {
		.path = path,
		.argv = argv.items,
		.fds = fds,
		.fd_count = ARRAY_SIZE(fds),
		.death_signal = SIGTERM,
		.is_stdin_empty = true,
	};
	int r = process_start(&start, &process, err);
	strv_done(&argv);
	if (r == 0)
		r = wait_deadline(&process, answer, err);
	if (r < 0)
		return r;
	read_answer(out, answer);
	if (has_timed_out(answer))
		return err_set(err, -ETIMEDOUT,
			       "Open vSwitch does not answer; is ovs-vswitchd "
			       "running?");
	return 0;
}

static int find_vsctl(char **ret, struct err *err)
{
	*ret = program_find("ovs-vsctl");
	if (!*ret)
		return err_set(err, -ENOENT,
			       "ovs-vsctl is not installed (package "
			       "openvswitch-switch or openvswitch)");
	return 0;
}

int ovs_has_bridge(const char *db, const char *bridge, bool *ret,
		   struct err *err)
{
	const char *const args[] = { "--", "br-exists", bridge, NULL };
	cleanup_free char *path = program_find("ovs-vsctl");
	struct answer answer;

	if (!path) {
		*ret = false;
		return 0;
	}
	int r = vsctl(path, db, args, &answer, err);
	if (r < 0)
		return r;
	/* br-exists: 0 it does, 2 it does not; anything else is an error, the
	 * commonest that no database runs on this host. */
	*ret = answer.status == 0;
	return 0;
}

/* Whether ovs-vswitchd has opened the device: its port then has a number. */
static int check_port(const char *path, const char *db, const char *port,
		      struct err *err)
{
	const char *const args[] = { "--", "get",    "Interface",
				     port, "ofport", NULL };
	struct answer answer;
	int r = vsctl(path, db, args, &answer, err);

	if (r < 0)
		return r;
	if (answer.status != 0 || atoi(answer.text) <= 0)
		return err_set(err, -EIO,
			       "Open vSwitch has not taken '%s' (ofport %s)",
			       port, answer.text);
	return 0;
}

int ovs_add_port(const char *db, const char *bridge, const char *port,
		 struct err *err)
{
	const char *const args[] = { "--", "add-port", bridge, port, NULL };
	cleanup_free char *path = NULL;
	struct answer answer = { 0 };
	struct err ignored;
	int r = find_vsctl(&path, err);

	if (r == 0)
		r = vsctl(path, db, args, &answer, err);
	if (r == 0 && answer.status != 0)
		return err_set(err, -EIO, "ovs-vsctl add-port %s %s: %s",
			       bridge, port, answer.text);
	if (r == 0)
		r = check_port(path, db, port, err);
	/* The name is new, so a row of that name is the one just made. */
	if (r < 0 && path && ovs_remove_port(db, bridge, port, &ignored) < 0)
		return r;
	return r;
}

int ovs_remove_port(const char *db, const char *bridge, const char *port,
		    struct err *err)
{
	const char *const args[] = { "--", "del-port", bridge, port, NULL };
	cleanup_free char *path = NULL;
	struct answer answer;
	int r = find_vsctl(&path, err);

	if (r == 0)
		r = vsctl(path, db, args, &answer, err);
	if (r == 0 && answer.status != 0)
		r = err_set(err, -EIO, "ovs-vsctl del-port %s %s: %s", bridge,
			    port, answer.text);
	return r;
}
