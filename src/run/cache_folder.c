/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cache_folder.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/qemu_cache.h"

/* Makes the last folder of a path, if the one it is in is ours. */
static int make_in_own(const char *path)
{
	cleanup_free char *parent =
		xstrndup(path, (size_t)(strrchr(path, '/') - path));
	struct stat st;

	if (stat(*parent ? parent : "/", &st) < 0)
		return -errno;
	if (st.st_uid != geteuid())
		return -EPERM;
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int make_folder(const char *path, unsigned int parents)
{
	int r = make_in_own(path);

	if (r != -ENOENT || parents == 0)
		return r;
	cleanup_free char *parent =
		xstrndup(path, (size_t)(strrchr(path, '/') - path));
	r = make_folder(parent, parents - 1);
	return r < 0 ? r : make_in_own(path);
}

int cache_folder_open(const char *folder, unsigned int parents)
{
	int fd = qemu_cache_open_folder(folder);

	if (fd != -ENOENT)
		return fd;
	int r = make_folder(folder, parents);
	return r < 0 ? r : qemu_cache_open_folder(folder);
}

static int remove_files(DIR *dir, const char *folder,
			bool (*is_ours)(const char *name), size_t *count,
			struct err *err)
{
	const struct dirent *dirent;

	while ((dirent = readdir(dir))) {
		if (!is_ours(dirent->d_name))
			continue;
		if (unlinkat(dirfd(dir), dirent->d_name, 0) < 0)
			return err_set_errno(err, -errno,
					     "cannot remove '%s/%s'", folder,
					     dirent->d_name);
		(*count)++;
	}
	return 0;
}

int cache_folder_clear(const char *folder, bool (*is_ours)(const char *name),
		       size_t *count, struct err *err)
{
	int r, fd = qemu_cache_open_folder(folder);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd == -ENOENT)
		return 0;
	if (!dir) {
		r = err_set_errno(err, fd < 0 ? fd : -errno,
				  "cannot read the folder '%s'", folder);
		close_fd(&fd);
		return r;
	}
	r = remove_files(dir, folder, is_ours, count, err);
	closedir(dir);
	if (r < 0)
		return r;
	/* Something else may be in it. */
	if (rmdir(folder) < 0 && errno != ENOTEMPTY && errno != EEXIST)
		return err_set_errno(err, -errno,
				     "cannot remove the folder '%s'", folder);
	return 0;
}
