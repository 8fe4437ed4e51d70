/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program that is the guest's TPM (swtpm(8)). Theory of operation:
 *
 * It is started before QEMU, on one end of a socket pair; QEMU gets the other
 * one. It ends when that is closed, so it lives exactly as long as QEMU,
 * whoever is killed: nobody has to tell it, and no other process has to be
 * alive for it to end. With -daemonize it goes on with QEMU, which is why it
 * has no death signal.
 *
 * A state that is thrown away is a file in memory, without a name. One that is
 * kept is a folder, locked as long as the program lives: two TPMs with one
 * state would be two guests with one identity.
 *
 * Where it is killed while QEMU runs, QEMU goes on, and the guest's TPM answers
 * with errors from then on. The guest may not care, and ending it would lose
 * what it is doing; but who started it is told.
 */
#ifndef XKVM_RUN_TPM_H
#define XKVM_RUN_TPM_H

#include "host/process.h"
#include "plan/plan.h"
#include "run/outcome.h"

struct tpm_program {
	struct process process;
	const char *created; /* the folder that was made for it, or NULL */
};

#define TPM_PROGRAM_INIT                \
	{                               \
		.process = PROCESS_INIT \
	}

/*
 * Starts it and waits until it answers. *ret_socket is QEMU's end, owned by the
 * caller. -EBUSY where the folder is another guest's; where the program says
 * why it cannot start, the message has its last line. `tpm` is what tpm_end()
 * undoes, after a failure too.
 */
must_check int tpm_start(const struct plan_tpm *plan, struct tpm_program *tpm,
			 int *ret_socket, struct err *err);

/* Once no end of the socket is left here and QEMU has ended, or was never
 * started: waits for the program, kills it where it does not end, and removes a
 * folder that was made for it and has nothing in it. Returns the signal by
 * which somebody else ended it, or 0. */
int tpm_end(struct tpm_program *tpm);

#endif
