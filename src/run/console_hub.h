/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other end of the guest's serial console, where xkvm needs it. Theory of
 * operation:
 *
 * QEMU's serial port is a socket, and the supervisor reads it, as a source of
 * its loop. What comes goes to whoever waits for the guest (ready.h), and to
 * the sinks. What is typed goes the other way.
 *
 * Nothing is lost: the socket is read only while each sink has room, and so is
 * the keyboard while QEMU has. A reader of standard output who is slow, or has
 * stopped, holds back the guest's console as the reader of any pipe holds back
 * its writer; QEMU and Linux wait for a serial port without stopping the guest.
 * A sink that cannot be written to at all is given up, and that is said.
 */
#ifndef XKVM_RUN_CONSOLE_HUB_H
#define XKVM_RUN_CONSOLE_HUB_H

#include "plan/plan.h"
#include "run/console_log.h"
#include "run/console_sink.h"
#include "run/console_socket.h"
#include "run/report.h"
#include "run/terminal.h"

enum console_sink_kind {
	SINK_OUTPUT, /* standard output */
	SINK_FILE, /* of --console file: */
	SINK_LOG, /* of --console-log */
	SINK_COUNT,
};

struct console_hub {
	struct event_loop *loop;
	const struct run_report *report;
	struct terminal *terminal;
	/* Told of all that comes. */
	void (*heard)(void *context, const char *data, size_t len);
	void *context;

	/* Its own. */
	struct event_source qemu; /* its descriptor is owned; -1: no console */
	struct event_source keys; /* likewise */
	struct event_source stop;
	struct byte_queue typed;
	const struct plan_console *plan;
	int files[SINK_COUNT]; /* owned; opened and not yet a sink; -1 */
	struct console_sink sinks[SINK_COUNT];
	struct console_socket watchers;
	struct log_lines log;
	struct strbuf stamped; /* a piece of the log */
	bool is_finishing;
};

void console_hub_init(struct console_hub *hub);

/* Makes the socket; *ret_qemu is QEMU's end, owned by the caller. */
must_check int console_hub_open(struct console_hub *hub, int *ret_qemu,
				struct err *err);

/* Makes the files and the socket that the console goes to. */
must_check int console_hub_open_places(struct console_hub *hub,
				       const struct plan_console *console,
				       struct err *err);

/* QEMU has been started: from here on the console is read, and the terminal,
 * where it is one, raw. */
void console_hub_start(struct console_hub *hub);

/*
 * QEMU has ended. What it wrote last is read, and written, as long as that
 * takes; a signal that asks for the end ends that, too. `is_hasty` where the
 * end was asked for already: then no reader is waited for longer than a moment.
 */
must_check int console_hub_finish(struct console_hub *hub, int signal_fd,
				  bool is_hasty, struct err *err);

void console_hub_done(struct console_hub *hub);

#endif
