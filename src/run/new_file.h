/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that gets its name when it is whole and durable, and replaces none
 * unless it is told to. So nothing is left should this process be killed
 * before, but on a file system without nameless files (O_TMPFILE): there it has
 * another name until then.
 */
#ifndef XKVM_RUN_NEW_FILE_H
#define XKVM_RUN_NEW_FILE_H

#include "base/mem.h"

struct new_file {
	int fd; /* owned; to read and write */
	char *path; /* owned; the name it is to have */
	char *temporary; /* owned; the one it has until then; or NULL */
	bool replaces; /* a file that has the name, if the caller says so */
};

#define NEW_FILE_INIT    \
	{                \
		.fd = -1 \
	}

/* An empty file for `path`. The error says that it cannot be created. */
must_check int new_file_open(const char *path, struct new_file *ret,
			     struct err *err);

/* Makes it durable and gives it its name. -EEXIST where that has appeared in
 * between. The descriptor stays open. */
must_check int new_file_finish(struct new_file *file, struct err *err);

/* Closes it. One that is not finished is gone then. */
void new_file_done(struct new_file *file);

/* Takes the name away again, if it is still this file's. */
void new_file_remove(const struct new_file *file);

/* Whether `path` is the name of the open file. */
bool new_file_has_name(int fd, const char *path);

/*
 * A file that is never to have a name, in `folder`, for this user alone. Where
 * the file system has none it has one for a moment. *ret is owned by the
 * caller.
 */
must_check int new_file_nameless(const char *folder, int *ret, struct err *err);

#endif
