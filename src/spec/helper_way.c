/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/helper_way.h"

#include <errno.h>

#include "base/mem.h"

static const char *const NAMES[HELPER_WAY_COUNT] = {
	[HELPER_AUTO] = "auto",	    [HELPER_DIRECT] = "direct",
	[HELPER_SOCKET] = "socket", [HELPER_QEMU] = "qemu",
	[HELPER_SUDO] = "sudo",
};

int helper_way_parse(const char *text, enum helper_way *ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(NAMES); i++) {
		if (str_eq(text, NAMES[i])) {
			*ret = (enum helper_way)i;
			return 0;
		}
	}
	return err_set(err, -EINVAL,
		       "unknown way '%s'; use auto, direct, sudo, socket or "
		       "qemu",
		       text);
}

const char *helper_way_name(enum helper_way way)
{
	return NAMES[way];
}
