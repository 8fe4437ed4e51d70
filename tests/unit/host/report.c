/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/mem.h"

/* Each descriptor above 2, with the first byte of the file behind it. */
static void report_fds(void)
{
	for (int fd = 3; fd < 256; fd++) {
		char byte = '?';

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		if (pread(fd, &byte, 1, 0) != 1)
			byte = '?';
		printf("%d=%c ", fd, byte);
	}
}

static void report_signals(void)
{
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int sig = 1; sig < NSIG; sig++) {
		struct sigaction action;

		if (sigismember(&mask, sig) == 1)
			printf("blocked:%d ", sig);
		if (sigaction(sig, NULL, &action) == 0 &&
		    action.sa_handler == SIG_IGN)
			printf("ignored:%d ", sig);
	}
}

static void report_group(void)
{
	int death = 0;

	prctl(PR_GET_PDEATHSIG, &death);
	printf("%s death:%d ", getpgrp() == getpid() ? "leads" : "follows",
	       death);
}

static void report_stdin(void)
{
	char byte;
	ssize_t n = read(0, &byte, 1);

	printf("%s ", n == 0 ? "empty" : n == 1 ? "data" : "closed");
}

int report(const char *what)
{
	if (str_eq(what, "fds"))
		report_fds();
	else if (str_eq(what, "signals"))
		report_signals();
	else if (str_eq(what, "group"))
		report_group();
	else if (str_eq(what, "stdin"))
		report_stdin();
	else if (str_eq(what, "hang"))
		pause();
	else
		return atoi(what);
	return 0;
}
