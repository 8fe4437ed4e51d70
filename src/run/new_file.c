/* SPDX-License-Identifier: Apache-2.0 */
#include "run/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder a path is in. Owned by the caller. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? xstrndup(path, (size_t)(slash - path) + 1)
		     : xstrdup(".");
}

/* Whether this is how O_TMPFILE fails where it is not known: by the file
 * system, or by the kernel, which takes it for O_DIRECTORY. */
static bool has_no_nameless(int error)
{
	return error == EOPNOTSUPP || error == EISDIR;
}

int new_file_open(const char *path, struct new_file *ret, struct err *err)
{
	cleanup_free char *folder = folder_of(path);
	struct new_file file = { .path = xstrdup(path) };

	file.fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (file.fd < 0 && has_no_nameless(errno)) {
		file.temporary = xasprintf("%s.XXXXXX", path);
		file.fd = mkostemp(file.temporary, O_CLOEXEC);
	}
	if (file.fd < 0) {
		int r = -errno;

		/* Without a file it has no name. */
		str_replace(&file.temporary, NULL);
		new_file_done(&file);
		return err_set_errno(err, r, "cannot create '%s'", path);
	}
	*ret = file;
	return 0;
}

static int link_as(const struct new_file *file, const char *path)
{
	cleanup_free char *self = xasprintf("/proc/self/fd/%d", file->fd);

	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0
		       ? -errno
		       : 0;
}

/* linkat(2) does not replace, and renameat2(2) is told whether to. */
static int give_name(struct new_file *file)
{
	if (!file->temporary && !file->replaces)
		return link_as(file, file->path);
	if (!file->temporary) {
		cleanup_free char *temporary =
			xasprintf("%s.%d", file->path, getpid());
		int r = link_as(file, temporary);

		if (r < 0)
			return r;
		file->temporary = take_ptr(temporary);
	}
	if (renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path,
		      file->replaces ? 0 : RENAME_NOREPLACE) < 0)
		return -errno;
	str_replace(&file->temporary, NULL);
	return 0;
}

/* The name in the folder must be as durable as the content. */
static void sync_folder(const char *path)
{
	cleanup_free char *folder = folder_of(path);
	cleanup_close int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
}

int new_file_finish(struct new_file *file, struct err *err)
{
	int r = fsync(file->fd) < 0 ? -errno : give_name(file);

	if (r < 0)
		return err_set_errno(err, r, "cannot create '%s'", file->path);
	sync_folder(file->path);
	return 0;
}

void new_file_done(struct new_file *file)
{
	if (file->temporary)
		unlink(file->temporary);
	close_fd(&file->fd);
	str_replace(&file->temporary, NULL);
	str_replace(&file->path, NULL);
}

bool new_file_has_name(int fd, const char *path)
{
	struct stat file, name;

	return fstat(fd, &file) == 0 && stat(path, &name) == 0 &&
	       file.st_dev == name.st_dev && file.st_ino == name.st_ino;
}

void new_file_remove(const struct new_file *file)
{
	if (new_file_has_name(file->fd, file->path))
		unlink(file->path);
}

int new_file_nameless(const char *folder, int *ret, struct err *err)
{
	int fd = open(folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 && has_no_nameless(errno)) {
		cleanup_free char *name = xasprintf("%s/xkvm.XXXXXX", folder);

		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
	}
	if (fd < 0)
		return err_set_errno(err, -errno,
				     "cannot make a file in the folder '%s'",
				     folder);
	*ret = fd;
	return 0;
}
