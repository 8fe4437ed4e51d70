/* SPDX-License-Identifier: Apache-2.0 */
/* How a run ended, and the exit status that says so. */
#ifndef XKVM_RUN_OUTCOME_H
#define XKVM_RUN_OUTCOME_H

#include <stdbool.h>

#define EXIT_NOT_READY 1
#define EXIT_USAGE 2
#define EXIT_TIMEOUT 124
#define EXIT_HOST 125
#define EXIT_PANIC 126

struct outcome {
	int wait_status; /* QEMU's, as for wait(2) */
	int stop_signal; /* the signal by which xkvm was told to end; 0 */
	bool is_up; /* QEMU answered: it took its arguments */
	/* The guest ended QEMU by isa-debug-exit, if the status says so. */
	bool has_debug_exit;
	bool has_panicked; /* QMP event GUEST_PANICKED */
	bool is_unreaped; /* QEMU could not even be killed */
	int tpm_signal; /* that ended the TPM before QEMU; 0 */
	char reason[32]; /* of the QMP event SHUTDOWN; "" if none came */
	/* Owned: why the guest had to unpack its kernel itself, though --fast
	 * was to spare it that; or NULL. */
	char *kernel_obstacle;
	/* The command of --run has ended, with this exit status. */
	bool is_command_done;
	int command_status;
	/* What was waited for did not come: the exit status that says so, or 0,
	 * and, owned, why, and the last lines of the console. */
	int failure_status;
	char *failure;
	char *last_lines;
	char *panic; /* owned; what the console said of it; or NULL */
};

void outcome_done(struct outcome *outcome);

/*
 * 125 where QEMU could not be ended; that of a failure (see above); 128+N where
 * signal N told xkvm to end; that of the command; 128+N where it ended QEMU;
 * 126 where the guest panicked; else QEMU's own.
 */
int outcome_exit_status(const struct outcome *outcome);

/* The signal that ended QEMU, or 0. */
int outcome_death_signal(const struct outcome *outcome);

#endif
