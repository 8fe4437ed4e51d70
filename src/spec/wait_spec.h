/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest is waited for with --wait. */
#ifndef XKVM_SPEC_WAIT_SPEC_H
#define XKVM_SPEC_WAIT_SPEC_H

#include <stdbool.h>

#include "base/err.h"

enum wait_kind {
	WAIT_BOOT, /* it has come up */
	WAIT_TEXT, /* a line of its console matches `text` */
	WAIT_SSH, /* a server of SSH answers */
	WAIT_PORT, /* somebody listens to `port` */
	WAIT_CLOUD_INIT, /* cloud-init has done its work */
	WAIT_EXIT, /* it has ended */
	WAIT_COMMAND, /* the command of --run has ended; no --wait says so */
};

struct wait_spec {
	enum wait_kind kind;
	char *arg; /* owned; as it was given */
	unsigned int port; /* of the guest */
	char *text; /* owned; a POSIX extended regular expression; or NULL */
};

/* "boot", "ssh", "port:N", "cloud-init", "text:REGEX" or "exit". */
must_check int wait_spec_parse(const char *arg, struct wait_spec *ret,
			       struct err *err);
struct wait_spec wait_spec_copy(const struct wait_spec *wait);
void wait_spec_done(struct wait_spec *wait);

/* Whether nothing but the console can tell. */
bool wait_spec_needs_console(const struct wait_spec *wait);

#endif
