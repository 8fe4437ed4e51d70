/* SPDX-License-Identifier: Apache-2.0 */
/* The folders of the user's caches, made where they are missing. */
#ifndef XKVM_RUN_CACHE_FOLDER_H
#define XKVM_RUN_CACHE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Opens a folder, if it is this user's and nobody else may write to it, after
 * making it, and up to `parents` of those above it, where they are missing.
 * None is made in a folder of another user's: root, with the HOME of another,
 * leaves nothing there. A negative errno otherwise.
 */
must_check int cache_folder_open(const char *folder, unsigned int parents);

/* Removes the files whose names are `ours`, and the folder where it is empty
 * then. Adds their number to *count. That there is none is no failure. */
must_check int cache_folder_clear(const char *folder,
				  bool (*is_ours)(const char *name),
				  size_t *count, struct err *err);

#endif
