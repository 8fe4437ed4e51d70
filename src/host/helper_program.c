/* SPDX-License-Identifier: Apache-2.0 */
#include "host/helper_program.h"

#include <unistd.h>

#include "base/mem.h"

char *helper_program_find(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		cleanup_free char *path = xasprintf("%.*s/net/xkvm-net",
						    (int)(slash - self), self);
		if (access(path, F_OK) == 0)
			return take_ptr(path);
	}
	return xstrdup(XKVM_LIBEXECDIR "/xkvm-net");
}
