/* SPDX-License-Identifier: Apache-2.0 */
#include "host/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

int library_load(const char *name, const struct library_function *functions,
		 size_t count, void *ret_table, void **ret_handle,
		 struct err *err)
{
	void *handle = dlopen(name, RTLD_NOW);

	if (!handle)
		return err_set(err, -ENOTSUP, "%s", dlerror());
	for (size_t i = 0; i < count; i++) {
		void *function = dlsym(handle, functions[i].name);

		if (!function) {
			dlclose(handle);
			return err_set(err, -ENOTSUP, "%s has no %s", name,
				       functions[i].name);
		}
		/* POSIX has function pointers in the form of object
		 * pointers, ISO C does not. */
		memcpy((char *)ret_table + functions[i].offset, &function,
		       sizeof(function));
	}
	*ret_handle = handle;
	return 0;
}

void library_unload(void *handle)
{
	if (handle)
		dlclose(handle);
}
