/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest agent's protocol (QEMU's docs/interop/qemu-ga-ref), the text of it:
 * one JSON object a line in each direction, and answers in the order of the
 * commands. No I/O.
 *
 * What comes is the guest's, and so may be anything. A line that is no object
 * is dropped, for there may be the rest of what an earlier agent said.
 */
#ifndef XKVM_BASE_QGA_TEXT_H
#define XKVM_BASE_QGA_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strv.h"

/* The agent keeps 16 MiB of each of a command's two outputs; here they are as
 * base64. */
#define QGA_MESSAGE_MAX 50331648U
/* What a command is given to read, at most. */
#define QGA_INPUT_MAX 4194304U

struct qga_stream {
	struct strbuf in;
	size_t scanned; /* bytes of `in` known to hold no line end */
};

void qga_stream_done(struct qga_stream *stream);

/* Adds bytes that were received. -EMSGSIZE where a line exceeds the limit; what
 * there was is dropped then. */
must_check int qga_stream_feed(struct qga_stream *stream, const char *data,
			       size_t len, struct err *err);

/* The next object, owned by the caller; NULL while there is no whole one. */
json_t *qga_stream_next(struct qga_stream *stream);

/* A command with its line end. `arguments` (a reference is taken) may be NULL.
 * Owned by the caller. */
char *qga_command_text(const char *command, json_t *arguments);

/*
 * guest-sync-delimited: the byte before it, which is in no JSON, makes the
 * agent forget half a command, and the same byte stands before the answer.
 * Owned by the caller.
 */
char *qga_sync_text(unsigned int id);
bool qga_is_sync(const json_t *answer, unsigned int id);

/* Why a command failed, as the agent says it; NULL where `answer` is no error.
 * Belongs to `answer`. */
const char *qga_error(const json_t *answer);

/* Whether guest-info's answer has the command, and says that it may be used. */
bool qga_may_use(const json_t *answer, const char *command);

/* guest-exec's arguments: a shell's command, with `len` bytes to read. Owned by
 * the caller. */
json_t *qga_exec_arguments(const char *command, const void *input, size_t len);

/* The number of the process that guest-exec has started; false where it says
 * none. */
bool qga_exec_pid(const json_t *answer, json_int_t *ret);

/* How a command ended. */
struct qga_exec_end {
	int status; /* as a shell has it: 128+N for signal N */
	struct strbuf out, err; /* owned */
	bool is_cut; /* there was more than the agent keeps */
};

enum qga_exec_state {
	QGA_EXEC_RUNS,
	QGA_EXEC_ENDED,
	QGA_EXEC_UNKNOWN, /* the answer makes no sense */
};

/* Reads guest-exec-status's answer. *ret is written in QGA_EXEC_ENDED. */
enum qga_exec_state qga_exec_read(const json_t *answer,
				  struct qga_exec_end *ret);
void qga_exec_end_done(struct qga_exec_end *end);

/* Adds the addresses of guest-network-get-interfaces by which a guest can be
 * reached from outside: no loopback, and none that is local to a link. */
void qga_read_addresses(const json_t *answer, struct strv *ret);

#endif
