/* SPDX-License-Identifier: Apache-2.0 */
#include "run/tpm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/program_words.h"

/* It answers within 30 ms, and ends within 1. */
#define ANSWER_TIMEOUT_S 10
#define END_TIMEOUT_MS 2000

/* CMD_GET_CAPABILITY of swtpm's control channel (swtpm_ioctls(3)): a number of
 * four bytes, answered by one of eight; all big-endian. */
static const unsigned char GET_CAPABILITY[] = { 0, 0, 0, 1 };
#define CAPABILITY_SIZE 8

static int open_memory(int *ret, struct err *err)
{
	*ret = memfd_create("tpm-state", MFD_CLOEXEC);
	if (*ret < 0)
		return err_set_errno(err, -errno, "cannot make a memfd");
	return 0;
}

static int open_folder(const char *folder, struct tpm_program *tpm, int *ret,
		       struct err *err)
{
	if (mkdir(folder, 0700) == 0)
		tpm->created = folder;
	else if (errno != EEXIST)
		return err_set_errno(err, -errno,
				     "--tpm: cannot make the folder '%s'",
				     folder);
	cleanup_close int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set_errno(err, -errno, "--tpm: cannot open '%s'",
				     folder);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK
			       ? err_set(err, -EBUSY,
					 "--tpm: '%s' is the TPM of a guest "
					 "that runs; give each its own",
					 folder)
			       : err_set_errno(err, -errno,
					       "--tpm: cannot lock '%s'",
					       folder);
	*ret = take_fd(fd);
	return 0;
}

/* Never returns 0. */
static int fail_silent(int words, struct err *err)
{
	cleanup_free char *line = program_words_last(words);

	if (!line)
		return err_set(err, -EPROTO, "--tpm: swtpm does not answer");
	return err_set(err, -EPROTO,
		       "--tpm: swtpm does not start; it said '%s'", line);
}

static int await_answer(int socket, int words, struct err *err)
{
	const struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_S };
	unsigned char answer[CAPABILITY_SIZE];
	ssize_t n;

	setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (send(socket, GET_CAPABILITY, sizeof(GET_CAPABILITY), MSG_NOSIGNAL) <
	    0)
		return fail_silent(words, err);
	do {
		n = recv(socket, answer, sizeof(answer), MSG_WAITALL);
	} while (n < 0 && errno == EINTR);
	return n == sizeof(answer) ? 0 : fail_silent(words, err);
}

static int start_process(const struct plan_tpm *plan, int socket, int state,
			 int words, struct process *ret, struct err *err)
{
	const struct process_fd fds[] = {
		{ words, 1 },
		{ words, 2 },
		{ socket, PLAN_TPM_SOCKET },
		{ state, PLAN_TPM_STATE },
	};
	const struct process_start start = {
		.path = plan->program,
		.argv = plan->argv.items,
		.fds = fds,
		.fd_count = ARRAY_SIZE(fds),
		/* Ctrl-C is for QEMU, which still needs it then. */
		.own_group = true,
		.is_stdin_empty = true,
	};

	return process_start(&start, ret, err);
}

int tpm_start(const struct plan_tpm *plan, struct tpm_program *tpm,
	      int *ret_socket, struct err *err)
{
	cleanup_close int words = -1;
	cleanup_close int state = -1;
	int pair[2];
	int r = program_words_open(&words, err);

	if (r < 0)
		return r;
	r = plan->folder ? open_folder(plan->folder, tpm, &state, err)
			 : open_memory(&state, err);
	if (r < 0)
		return r;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, -errno, "cannot make a socket pair");
	cleanup_close int ours = pair[0];
	cleanup_close int theirs = pair[1];
	r = start_process(plan, theirs, state, words, &tpm->process, err);
	close_fd(&theirs);
	if (r == 0)
		r = await_answer(ours, words, err);
	if (r == 0)
		*ret_socket = take_fd(ours);
	return r;
}

int tpm_end(struct tpm_program *tpm)
{
	struct pollfd watch = { .fd = tpm->process.pidfd, .events = POLLIN };
	struct err ignored;
	bool is_stuck = false;
	int status = 0;

	if (tpm->process.pidfd >= 0) {
		is_stuck = poll(&watch, 1, END_TIMEOUT_MS) == 0;
		if (is_stuck)
			process_signal(&tpm->process, SIGKILL);
		if (process_wait(&tpm->process, &status, &ignored) < 0)
			close_fd(&tpm->process.pidfd);
	}
	/* Where it has written its state there, this fails, as it should. */
	if (tpm->created)
		rmdir(tpm->created);
	return WIFSIGNALED(status) && !is_stuck ? WTERMSIG(status) : 0;
}
