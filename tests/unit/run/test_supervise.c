/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU is a shell script here, with the QMP socket as descriptor 3. */
#include "run/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define PATIENCE_MS 10000

struct guest {
	struct process qemu;
	struct qmp_link link;
	struct terminal terminal;
	struct event_loop loop;
	struct supervision supervision;
	int signal_fd;
};

/* Starts `script` under supervision that has not begun yet. */
static void start(struct guest *guest, const char *script)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	struct err err;
	int theirs = -1;

	*guest = (struct guest){ .qemu = PROCESS_INIT,
				 .link = QMP_LINK_INIT,
				 .signal_fd = -1 };
	terminal_save(&guest->terminal);
	check_ok("signals", supervise_signals(&guest->signal_fd, &err), &err);
	check_ok("link", qmp_link_open(&guest->link, &theirs, &err), &err);
	const struct process_fd fds[] = { { theirs, 3 } };
	const struct process_start how = { .path = "/bin/sh",
					   .argv = argv,
					   .fds = fds,
					   .fd_count = 1,
					   .death_signal = SIGKILL,
					   .own_group = true };
	check_ok("start", process_start(&how, &guest->qemu, &err), &err);
	close_fd(&theirs);
}

/* Until its end; nothing of it is left then. */
static struct outcome end(struct guest *guest)
{
	guest->supervision = (struct supervision){
		.loop = &guest->loop,
		.qemu = &guest->qemu,
		.link = &guest->link,
		.terminal = &guest->terminal,
		.signal_fd = guest->signal_fd,
	};
	struct outcome outcome;
	struct err err;

	check_ok("supervise", supervise(&guest->supervision, &outcome, &err),
		 &err);
	assert_int_equal(guest->qemu.pidfd, -1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	qmp_link_close(&guest->link);
	event_loop_done(&guest->loop);
	close_fd(&guest->signal_fd);
	return outcome;
}

static const struct {
	const char *script;
	int status;
	const char *reason;
} rows[] = {
	{ "exit 0", 0, "" },
	{ "exit 7", 7, "" },
	{ "kill -SEGV $$", 128 + SIGSEGV, "" },
	/* What it says last is read, though it has ended. */
	{ "echo '{\"event\": \"SHUTDOWN\", \"data\": {\"reason\": "
	  "\"guest-shutdown\"}}' >&3",
	  0, "guest-shutdown" },
	{ "echo '{\"event\": \"GUEST_PANICKED\"}' >&3", EXIT_PANIC, "" },
	/* Nonsense costs the link, not the guest. */
	{ "echo nonsense >&3; exit 3", 3, "" },
	{ "exec 3>&-; exit 4", 4, "" },
};

static void test_ends_by_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct guest guest;

		start(&guest, rows[i].script);
		struct outcome outcome = end(&guest);
		check_number(rows[i].script, outcome_exit_status(&outcome),
			     rows[i].status);
		check_text(rows[i].script, outcome.reason, rows[i].reason);
	}
}

/* It has ended before it is looked at, and has said more than is read at one
 * go: the last of it counts. */
static void test_last_words(void **state)
{
	struct guest guest;

	(void)state;
	start(&guest, "printf '{\"event\": \"RESUME\", \"id\": \"%05000d\"}\\n"
		      "{\"event\": \"SHUTDOWN\", \"data\": {\"reason\": "
		      "\"guest-panic\"}}\\n' 0 >&3");
	struct pollfd pfd = { .fd = guest.qemu.pidfd, .events = POLLIN };
	assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
	const struct outcome outcome = end(&guest);
	assert_string_equal(outcome.reason, "guest-panic");
}

/* Told to end, it is sent quit, and the status tells by which signal. */
static void test_stop(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct guest guest;

		start(&guest, "while read -r line <&3; do\n"
			      "  case $line in *quit*) exit 0 ;; esac\n"
			      "done; exit 9");
		assert_int_equal(kill(getpid(), signals[i]), 0);
		struct outcome outcome = end(&guest);
		check_number("stop", outcome_exit_status(&outcome),
			     128 + signals[i]);
		check_number("quit", WEXITSTATUS(outcome.wait_status), 0);
	}
}

/* Without QMP it is SIGTERM that ends it, at once. */
static void test_stop_without_qmp(void **state)
{
	struct guest guest;

	(void)state;
	start(&guest, "exec sleep 100");
	qmp_link_close(&guest.link);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	struct outcome outcome = end(&guest);
	assert_int_equal(outcome_exit_status(&outcome), 128 + SIGTERM);
	assert_int_equal(outcome_death_signal(&outcome), SIGTERM);
}

static void stop_it(struct event_source *source, short revents)
{
	struct guest *guest = source->context;

	assert_int_equal(revents, 0);
	supervise_stop(&guest->supervision, STOP_QUIT);
}

/* A source of the caller's ends the guest; no signal is told of then. */
static void test_stop_by_source(void **state)
{
	struct guest guest;

	(void)state;
	start(&guest, "while read -r line <&3; do\n"
		      "  case $line in *quit*) exit 5 ;; esac\n"
		      "done; exit 9");
	struct event_source source = { .fd = -1,
				       .due = event_now() + 20,
				       .call = stop_it,
				       .context = &guest };
	event_add(&guest.loop, &source);
	const struct outcome outcome = end(&guest);
	assert_int_equal(outcome_exit_status(&outcome), 5);
}

/* Ctrl-C reaches QEMU and its supervisor at once: QEMU may have ended before
 * the signal is looked at, and the status tells of it all the same. */
static void test_stop_at_the_end(void **state)
{
	struct guest guest;

	(void)state;
	start(&guest, "exit 0");
	struct pollfd pfd = { .fd = guest.qemu.pidfd, .events = POLLIN };
	assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
	assert_int_equal(kill(getpid(), SIGINT), 0);
	const struct outcome outcome = end(&guest);
	assert_int_equal(outcome_exit_status(&outcome), 128 + SIGINT);
}

static void test_pending_stop(void **state)
{
	struct err err;
	int fd = -1;

	(void)state;
	check_ok("signals", supervise_signals(&fd, &err), &err);
	assert_int_equal(supervise_pending_stop(fd), 0);
	assert_int_equal(kill(getpid(), SIGTSTP), 0);
	assert_int_equal(supervise_pending_stop(fd), 0);
	assert_int_equal(kill(getpid(), SIGINT), 0);
	assert_int_equal(supervise_pending_stop(fd), SIGINT);
	assert_int_equal(supervise_pending_stop(fd), 0);
	close_fd(&fd);
}

/* nohup(1): a SIGHUP that is ignored stays so. */
static void test_ignored_hangup(void **state)
{
	sigset_t none;
	struct err err;
	int fd = -1;

	(void)state;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGHUP, SIG_IGN);
	check_ok("signals", supervise_signals(&fd, &err), &err);
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	assert_int_equal(supervise_pending_stop(fd), 0);
	close_fd(&fd);
	signal(SIGHUP, SIG_DFL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_by_itself),
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_by_source),
		cmocka_unit_test(test_stop_without_qmp),
		cmocka_unit_test(test_stop_at_the_end),
		cmocka_unit_test(test_pending_stop),
		cmocka_unit_test(test_ignored_hangup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
