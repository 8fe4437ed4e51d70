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
#include "run/console_sink.h"
#include "run/report.h"
#include "run/terminal.h"

struct console_hub {
	struct event_loop *loop;
	const struct run_report *report;
	struct terminal *terminal;
	/* Told of all that comes; or NULL. */
	void (*heard)(void *context, const char *data, size_t len);
	void *context;

	/* Its own. */
	struct event_source qemu; /* its descriptor is owned; -1: no console */
	struct event_source keys; /* likewise */
	struct event_source stop;
	struct byte_queue typed;
	struct console_sink output;
	bool is_finishing;
};

#define CONSOLE_HUB_INIT                                               \
	{                                                              \
		.qemu = EVENT_SOURCE_INIT, .keys = EVENT_SOURCE_INIT,  \
		.stop = EVENT_SOURCE_INIT, .output = CONSOLE_SINK_INIT \
	}

/* Makes the socket; *ret_qemu is QEMU's end, owned by the caller. */
must_check int console_hub_open(struct console_hub *hub, int *ret_qemu,
				struct err *err);

/* QEMU has been started: from here on the console is read, and the terminal,
 * where it is one, raw. */
void console_hub_start(struct console_hub *hub,
		       const struct plan_console *console);

/* QEMU has ended. What it wrote last is read, and written; a signal that asks
 * for the end ends that, too. */
must_check int console_hub_finish(struct console_hub *hub, int signal_fd,
				  struct err *err);

void console_hub_done(struct console_hub *hub);

#endif
