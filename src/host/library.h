/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Libraries that only some runs need. They are loaded when they are, for a link
 * to one would cost every start more than all that xkvm does itself.
 */
#ifndef XKVM_HOST_LIBRARY_H
#define XKVM_HOST_LIBRARY_H

#include <stddef.h>

#include "base/mem.h"

/* A function, and where in the caller's struct of pointers it belongs. */
struct library_function {
	const char *name;
	size_t offset;
};

#define LIBRARY_FUNCTION(table, member, function) \
	{                                         \
		function, offsetof(table, member) \
	}

/* Loads the library `name` ("libyaml-0.so.2") and fills in `ret_table`.
 * *ret_handle is for library_unload(). -ENOTSUP where the host does not have
 * it, or it lacks a function. */
must_check int library_load(const char *name,
			    const struct library_function *functions,
			    size_t count, void *ret_table, void **ret_handle,
			    struct err *err);
void library_unload(void *handle);

#endif
