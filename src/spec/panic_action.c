/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/panic_action.h"

#include <errno.h>

#include "base/mem.h"

int panic_action_parse(const char *text, enum panic_action *ret,
		       struct err *err)
{
	static const char *const names[] = {
		[PANIC_EXIT] = "exit",
		[PANIC_PAUSE] = "pause",
		[PANIC_REBOOT] = "reboot",
	};

	for (size_t i = PANIC_EXIT; i < ARRAY_SIZE(names); i++) {
		if (str_eq(text, names[i])) {
			*ret = (enum panic_action)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL,
		       "unknown action '%s'; use exit, pause or reboot", text);
}
