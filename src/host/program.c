/* SPDX-License-Identifier: Apache-2.0 */
#include "host/program.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

char *program_find(const char *name)
{
	const char *path = getenv("PATH");

	if (*name == '\0')
		return NULL;
	if (strchr(name, '/'))
		return is_program(name) ? xstrdup(name) : NULL;
	for (const char *p = path ? path : DEFAULT_PATH;;) {
		size_t len = strcspn(p, ":");
		cleanup_free char *candidate =
			len ? xasprintf("%.*s/%s", (int)len, p, name)
			    : xasprintf("./%s", name);

		if (is_program(candidate))
			return take_ptr(candidate);
		if (p[len] == '\0')
			return NULL;
		p += len + 1;
	}
}
