/* SPDX-License-Identifier: Apache-2.0 */
/* Folders and files that are to be trusted: this user's, and for nobody else to
 * write to. */
#ifndef XKVM_HOST_OWN_FOLDER_H
#define XKVM_HOST_OWN_FOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/strv.h"

/* Whether it is one, folder or file. */
bool own_is(const struct stat *st);

/* Opens a folder that is one. Returns the descriptor, owned by the caller;
 * -EPERM where it is not one; another negative errno. */
int own_folder_open(const char *path);

/* Adds the names in it that are `meant`, in their order. False where they
 * cannot be read. */
bool own_folder_list(int folder, bool (*is_meant)(const char *name),
		     struct strv *ret);

#endif
