/* SPDX-License-Identifier: Apache-2.0 */
/* Starting another program with exactly the descriptors it is meant to have. */
#ifndef XKVM_HOST_PROCESS_H
#define XKVM_HOST_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/mem.h"

/* The child's descriptor `target` will be what `source` is here. Equal numbers
 * pass an inherited descriptor on. */
struct process_fd {
	int source;
	int target;
};

struct process_start {
	const char *path; /* of the program; not searched for */
	char *const *argv; /* NULL-terminated */
	const struct process_fd *fds; /* all others above 2 are closed */
	size_t fd_count;
	int death_signal; /* sent to it when this process dies; 0: none */
	bool own_group; /* leads a process group of its own */
	bool is_stdin_empty; /* descriptor 0 is /dev/null */
};

struct process {
	pid_t pid;
	int pidfd; /* owned; -1: none */
};

#define PROCESS_INIT  \
	{             \
		0, -1 \
	}

/*
 * Starts it. The child has default signal dispositions and an empty mask. When
 * the program cannot be executed, that is this function's error; nothing is
 * left running then.
 *
 * death_signal is tied to the calling thread (prctl(2), PR_SET_PDEATHSIG): call
 * this from the main thread only.
 */
must_check int process_start(const struct process_start *start,
			     struct process *ret, struct err *err);

/*
 * Makes this process the program: the same process, with the descriptors,
 * signal dispositions and the mask that a child would have. death_signal and
 * own_group do not count: whoever started this process did so for the program's
 * sake. Returns only when the program cannot be executed; descriptors above 2
 * then close at the next exec, and `is_stdin_empty` may have been done.
 */
must_check int process_become(const struct process_start *start,
			      struct err *err);

/* Sends a signal; to a process that is gone already that is no error. */
void process_signal(const struct process *process, int signal);

/*
 * Waits until it has ended, and reaps it. *ret_status is as for wait(2).
 */
must_check int process_wait(struct process *process, int *ret_status,
			    struct err *err);

#endif
