/* SPDX-License-Identifier: Apache-2.0 */
#include "run/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "run/stop_ladder.h"

enum {
	WATCH_SIGNALS,
	WATCH_QEMU,
	WATCH_QMP,
	WATCH_COUNT
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static bool is_ignored(int sig)
{
	struct sigaction action;

	return sigaction(sig, NULL, &action) == 0 &&
	       action.sa_handler == SIG_IGN;
}

int supervise_signals(int *ret, struct err *err)
{
	static const int watched[] = { SIGTERM, SIGINT,	 SIGHUP,
				       SIGTSTP, SIGTTIN, SIGTTOU };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(watched); i++)
		if (watched[i] != SIGHUP || !is_ignored(SIGHUP))
			sigaddset(&set, watched[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_set_errno(err, -errno, "cannot block signals");
	*ret = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (*ret < 0)
		return err_set_errno(err, -errno, "cannot make a signalfd");
	return 0;
}

static bool is_stop_request(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP;
}

/* The next signal that has come, or 0. */
static int next_signal(int signal_fd)
{
	struct signalfd_siginfo info;

	if (read(signal_fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

int supervise_pending_stop(int signal_fd)
{
	int sig;

	while ((sig = next_signal(signal_fd)) != 0)
		if (is_stop_request(sig))
			return sig;
	return 0;
}

/* Takes one step, and further ones where a step cannot be taken. */
static void take_step(const struct supervision *s, struct stop_ladder *ladder,
		      enum stop_step step, struct outcome *outcome)
{
	while (step != STOP_NOT) {
		bool is_taken = true;

		switch (step) {
		case STOP_POWERDOWN:
			is_taken = qmp_link_send(s->link, "system_powerdown");
			break;
		case STOP_QUIT:
			is_taken = qmp_link_send(s->link, "quit");
			break;
		case STOP_TERMINATE:
			process_signal(s->qemu, SIGTERM);
			break;
		case STOP_KILL:
			process_signal(s->qemu, SIGKILL);
			break;
		case STOP_GIVE_UP:
			outcome->is_unreaped = true;
			break;
		case STOP_NOT:
			break;
		}
		step = is_taken ? STOP_NOT : stop_ladder_skip(ladder, now_ms());
	}
}

/* Stops QEMU and then this process, until somebody continues it. */
static void suspend_all(const struct supervision *s)
{
	process_signal(s->qemu, SIGSTOP);
	terminal_suspend(s->terminal);
	raise(SIGSTOP);
	terminal_resume(s->terminal);
	process_signal(s->qemu, SIGCONT);
}

static void handle_signals(const struct supervision *s,
			   struct stop_ladder *ladder, struct outcome *outcome)
{
	int sig;

	while ((sig = next_signal(s->signal_fd)) != 0) {
		if (!is_stop_request(sig)) {
			suspend_all(s);
			continue;
		}
		if (!outcome->stop_signal)
			outcome->stop_signal = sig;
		take_step(s, ladder, stop_ladder_signal(ladder, now_ms()),
			  outcome);
	}
}

/* What QEMU said before it ended is still in the socket. */
static void drain(struct qmp_link *link, struct outcome *outcome)
{
	while (link->socket >= 0) {
		struct pollfd pfd = { .fd = link->socket, .events = POLLIN };

		if (poll(&pfd, 1, 0) <= 0)
			break;
		qmp_link_receive(link, outcome);
	}
}

/* One wait. Returns 1 when QEMU has ended. */
static int turn(const struct supervision *s, struct stop_ladder *ladder,
		struct outcome *outcome, struct err *err)
{
	struct pollfd watch[WATCH_COUNT] = {
		[WATCH_SIGNALS] = { .fd = s->signal_fd, .events = POLLIN },
		[WATCH_QEMU] = { .fd = s->qemu->pidfd, .events = POLLIN },
		[WATCH_QMP] = { .fd = s->link->socket, .events = POLLIN },
	};
	int n = poll(watch, WATCH_COUNT, stop_ladder_timeout(ladder, now_ms()));

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0)
		return err_set_errno(err, -errno, "cannot wait for QEMU");
	if (watch[WATCH_QMP].revents)
		qmp_link_receive(s->link, outcome);
	if (watch[WATCH_QEMU].revents)
		return 1;
	if (watch[WATCH_SIGNALS].revents)
		handle_signals(s, ladder, outcome);
	take_step(s, ladder, stop_ladder_tick(ladder, now_ms()), outcome);
	return 0;
}

int supervise(const struct supervision *s, struct outcome *ret, struct err *err)
{
	struct outcome outcome = { 0 };
	struct stop_ladder ladder;
	int r = 0;

	stop_ladder_init(&ladder, s->grace_ms);
	while (r == 0 && !outcome.is_unreaped)
		r = turn(s, &ladder, &outcome, err);
	if (r > 0) {
		drain(s->link, &outcome);
		r = process_wait(s->qemu, &outcome.wait_status, err);
		/* Ctrl-C reaches QEMU and this process at once, in either
		 * order. */
		if (!outcome.stop_signal)
			outcome.stop_signal =
				supervise_pending_stop(s->signal_fd);
	}
	if (r < 0)
		return r;
	*ret = outcome;
	return 0;
}
