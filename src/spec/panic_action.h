/* SPDX-License-Identifier: Apache-2.0 */
/* What is done when the guest panics: --on-panic. */
#ifndef XKVM_SPEC_PANIC_ACTION_H
#define XKVM_SPEC_PANIC_ACTION_H

#include "base/err.h"

enum panic_action {
	PANIC_UNSAID, /* nothing looks for a panic but --wait */
	PANIC_EXIT,
	PANIC_PAUSE,
	PANIC_REBOOT,
};

/* "exit", "pause" or "reboot". */
must_check int panic_action_parse(const char *text, enum panic_action *ret,
				  struct err *err);

#endif
