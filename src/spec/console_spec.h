/* SPDX-License-Identifier: Apache-2.0 */
/* Where the guest's serial console goes: --console and --console-log. */
#ifndef XKVM_SPEC_CONSOLE_SPEC_H
#define XKVM_SPEC_CONSOLE_SPEC_H

#include <stdbool.h>

#include "base/err.h"

enum console_place {
	CONSOLE_UNSAID, /* where QEMU would put it */
	CONSOLE_NONE,
	CONSOLE_STDIO,
	CONSOLE_FILE, /* `path` */
	CONSOLE_SOCKET, /* `path`; NULL: one without a file */
};

/* Strings are owned; NULL where nothing was said. */
struct console_spec {
	enum console_place place;
	char *path;
	char *log; /* --console-log */
	bool log_has_times; /* each line with the time when it began */
	bool log_appends; /* to what the file has */
};

void console_spec_done(struct console_spec *console);

/* "stdio", "none", "file:PATH", "socket" or "socket:PATH". */
must_check int console_spec_set_place(struct console_spec *console,
				      const char *value, struct err *err);

/* "FILE" or "file=FILE", and the words timestamps=on|off, append=on|off. */
must_check int console_spec_set_log(struct console_spec *console,
				    const char *value, struct err *err);

/* "stdio", "file" and so on; "" for CONSOLE_UNSAID. */
const char *console_place_name(enum console_place place);

/* The option that was given, or NULL. */
const char *console_spec_option(const struct console_spec *console);

#endif
