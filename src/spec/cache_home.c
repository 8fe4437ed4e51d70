/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/cache_home.h"

#include "base/mem.h"

char *cache_home(const char *xdg_cache_home, const char *home)
{
	/* "If an implementation encounters a relative path in any of these
	 * variables it should consider the path invalid and ignore it." */
	if (xdg_cache_home && *xdg_cache_home == '/')
		return xstrdup(xdg_cache_home);
	return home && *home == '/' ? xasprintf("%s/.cache", home) : NULL;
}
