/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways to an xkvm-net that speaks on a socket: it is started, with one end
 * of a socket pair as its descriptor 0, by this process or by sudo(8), or it is
 * the service, and there already. Who asks it sees by the socket, and it is
 * this process's user by each of the ways.
 */
#ifndef XKVM_RUN_HELPER_CALL_H
#define XKVM_RUN_HELPER_CALL_H

#include "host/process.h"
#include "spec/helper_way.h"

struct helper_call {
	enum helper_way way; /* direct, sudo or socket */
	const char *net; /* the path of xkvm-net */
	const char *sudo;
	const char *socket; /* the service's */
	const char *ovsdb; /* of Open vSwitch's database; NULL: the usual one.
			      Not for the service, which is not started */
	bool asks; /* sudo may ask for a password, on the terminal */
};

/* A conversation that has been begun and not been ended. */
struct helper_line {
	struct process process; /* what was started, if anything */
	int socket; /* owned; -1: none */
	int complaints; /* owned; what sudo says, where it is kept; else -1 */
	bool is_asking; /* sudo is, on the terminal */
};

#define HELPER_LINE_INIT                    \
	{                                   \
		PROCESS_INIT, -1, -1, false \
	}

/* Begins one. Each answer has a deadline then, but for the first one where
 * sudo asks: for that, helper_line_await() is to be called. */
must_check int helper_call(const struct helper_call *call,
			   struct helper_line *ret, struct err *err);

/* Waits for the first answer, or the end of sudo, as long as a person takes to
 * type a password. A signal to this process alone is kept until then. */
void helper_line_await(struct helper_line *line);

/*
 * Nobody ever answered, as `err` says: ends the conversation, and says why,
 * where that can be told. Returns -EACCES.
 */
int helper_line_fail(const struct helper_call *call, struct helper_line *line,
		     struct err *err);

/* Closes it all, for everything is said. What was started ends by itself, and
 * need not be waited for yet; but for sudo on the terminal, which has to leave
 * that in order. */
void helper_line_leave(struct helper_line *line);

/* Waits for the end of what was started, and closes everything. */
void helper_line_end(struct helper_line *line);

/* The last line of what was written to a pipe so far, without its end; NULL
 * where there is none. Owned by the caller. */
char *helper_last_words(int pipe);

/* How long an answer may take, in seconds. xkvm-net makes 128 taps in well
 * under one. */
#define HELPER_ANSWER_S 15

#endif
