/* SPDX-License-Identifier: Apache-2.0 */
/* The text files of a case. */
#ifndef XKVM_GOLDEN_TEXT_FILE_H
#define XKVM_GOLDEN_TEXT_FILE_H

#include "base/err.h"
#include "base/strv.h"

/* The whole content. *ret is owned by the caller. -ENOENT where there is no
 * such file. */
must_check int text_file_read(const char *path, char **ret, struct err *err);

must_check int text_file_write(const char *path, const char *text,
			       struct err *err);

/*
 * The lines of a file, one value each. A line that begins with '#' is a
 * comment; an empty line is an empty value. "\n" stands for a line end in a
 * value, a backslash before any other character for that character.
 */
must_check int text_file_values(const char *path, struct strv *ret,
				struct err *err);

#endif
