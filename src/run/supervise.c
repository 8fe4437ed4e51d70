/* SPDX-License-Identifier: Apache-2.0 */
#include "run/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static bool is_ignored(int sig)
{
	struct sigaction action;

	return sigaction(sig, NULL, &action) == 0 &&
	       action.sa_handler == SIG_IGN;
}

int supervise_signals(int *ret, struct err *err)
{
	static const int watched[] = { SIGTERM, SIGINT,	 SIGHUP, SIGTSTP,
				       SIGTTIN, SIGTTOU, SIGCONT };
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
static void take_step(struct supervision *s, enum stop_step step)
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
			s->outcome.is_unreaped = true;
			event_end(s->loop);
			break;
		case STOP_NOT:
			break;
		}
		step = is_taken ? STOP_NOT
				: stop_ladder_skip(&s->ladder, event_now());
	}
	s->next_step.due = stop_ladder_due(&s->ladder);
}

bool supervise_stop(struct supervision *s, enum stop_step first)
{
	if (s->ladder.step != STOP_NOT)
		return false;
	take_step(s, stop_ladder_begin(&s->ladder, first, event_now()));
	return true;
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

static void handle_signals(struct event_source *source, short revents)
{
	struct supervision *s = source->context;
	int sig;

	(void)revents;
	while ((sig = next_signal(s->signal_fd)) != 0) {
		if (sig == SIGCONT) {
			terminal_continue(s->terminal);
			continue;
		}
		if (!is_stop_request(sig)) {
			suspend_all(s);
			continue;
		}
		if (!s->outcome.stop_signal)
			s->outcome.stop_signal = sig;
		take_step(s, stop_ladder_signal(&s->ladder, event_now()));
	}
}

static void handle_time(struct event_source *source, short revents)
{
	struct supervision *s = source->context;

	(void)revents;
	take_step(s, stop_ladder_tick(&s->ladder, event_now()));
}

static void handle_qmp(struct event_source *source, short revents)
{
	struct supervision *s = source->context;

	(void)revents;
	qmp_link_receive(s->link, &s->outcome);
}

static void handle_end(struct event_source *source, short revents)
{
	struct supervision *s = source->context;

	(void)revents;
	event_end(s->loop);
}

/* What QEMU said before it ended is still in the socket. */
static void drain(struct qmp_link *link, struct outcome *outcome)
{
	while (link->source.fd >= 0) {
		struct pollfd pfd = { .fd = link->source.fd, .events = POLLIN };

		if (poll(&pfd, 1, 0) <= 0)
			break;
		qmp_link_receive(link, outcome);
	}
}

static struct event_source source_of(struct supervision *s, int fd,
				     void (*call)(struct event_source *, short))
{
	return (struct event_source){ .fd = fd,
				      .events = POLLIN,
				      .due = EVENT_NEVER,
				      .call = call,
				      .context = s };
}

static void add_sources(struct supervision *s)
{
	s->link->source.call = handle_qmp;
	s->link->source.context = s;
	s->ended = source_of(s, s->qemu->pidfd, handle_end);
	s->signals = source_of(s, s->signal_fd, handle_signals);
	s->next_step = source_of(s, -1, handle_time);
	event_add(s->loop, &s->link->source);
	event_add(s->loop, &s->ended);
	event_add(s->loop, &s->signals);
	event_add(s->loop, &s->next_step);
}

static void remove_sources(struct supervision *s)
{
	event_remove(s->loop, &s->link->source);
	event_remove(s->loop, &s->ended);
	event_remove(s->loop, &s->signals);
	event_remove(s->loop, &s->next_step);
}

static int reap(struct supervision *s, struct err *err)
{
	drain(s->link, &s->outcome);
	int r = process_wait(s->qemu, &s->outcome.wait_status, err);
	/* Ctrl-C reaches QEMU and this process at once, in either order. */
	if (!s->outcome.stop_signal)
		s->outcome.stop_signal = supervise_pending_stop(s->signal_fd);
	return r;
}

int supervise(struct supervision *s, struct outcome *ret, struct err *err)
{
	s->outcome = (struct outcome){ 0 };
	stop_ladder_init(&s->ladder, s->grace_ms);
	add_sources(s);
	int r = event_run(s->loop, err);
	if (r == 0 && !s->outcome.is_unreaped)
		r = reap(s, err);
	remove_sources(s);
	if (r < 0)
		return r;
	*ret = s->outcome;
	return 0;
}
