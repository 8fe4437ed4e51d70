/* SPDX-License-Identifier: Apache-2.0 */
/* A folder for the files of one test. */
#ifndef TESTS_UNIT_FOLDER_H
#define TESTS_UNIT_FOLDER_H

#include <sys/types.h>

/* That of a test that needs just one: its set-up makes it, its tear-down
 * removes it. */
extern char *test_folder;
int folder_set_up(void **state);
int folder_tear_down(void **state);

/* A new one that everybody can look into. Owned by the caller; ends with
 * folder_remove(). */
char *folder_new(void);

/* Removes it and all that is in it, and frees `folder`. */
void folder_remove(char *folder);

/* The path of `name` in it. Owned by the caller, as is the next. */
char *folder_path(const char *folder, const char *name);

/* Makes a file of `len` bytes. */
char *folder_file(const char *folder, const char *name, const void *data,
		  size_t len, mode_t mode);

/* How many entries are in it. */
size_t folder_count(const char *folder);

#endif
