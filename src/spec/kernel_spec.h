/* SPDX-License-Identifier: Apache-2.0 */
/* A kernel that is started without a boot loader: --kernel, --initrd,
 * --append, --append-console and --fast. */
#ifndef XKVM_SPEC_KERNEL_SPEC_H
#define XKVM_SPEC_KERNEL_SPEC_H

#include <stdbool.h>

#include "base/err.h"
#include "spec/passthrough.h"

enum append_console {
	APPEND_CONSOLE_AUTO, /* unless --append has a console= */
	APPEND_CONSOLE_YES,
	APPEND_CONSOLE_NO,
};

/* All strings are owned; NULL where nothing was said. */
struct kernel_spec {
	char *file; /* --kernel */
	char *initrd;
	char *append; /* each --append, with a space between them */
	enum append_console append_console;
	bool is_fast; /* --fast */
};

void kernel_spec_done(struct kernel_spec *kernel);

/* One --append more. One without a word adds nothing. */
void kernel_spec_append(struct kernel_spec *kernel, const char *text);

/* "yes" or "no"; NULL is yes. */
must_check int kernel_spec_set_append_console(struct kernel_spec *kernel,
					      const char *value,
					      struct err *err);

/* Refuses what only goes with a --kernel where there is none, and a second
 * kernel after `--`. */
must_check int kernel_spec_check(const struct kernel_spec *kernel,
				 const struct passthrough *passthrough,
				 struct err *err);

/* Whether the console of the guest's architecture is to be named to it. */
bool kernel_spec_wants_console(const struct kernel_spec *kernel);

#endif
