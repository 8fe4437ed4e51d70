/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cache_folder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/own_folder.h"

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
	int fd = own_folder_open(folder);

	if (fd != -ENOENT)
		return fd;
	int r = make_folder(folder, parents);
	return r < 0 ? r : own_folder_open(folder);
}

int cache_folder_clear(const char *folder, bool (*is_ours)(const char *name),
		       size_t *count, struct err *err)
{
	cleanup_strv struct strv names = STRV_INIT;
	cleanup_close int fd = own_folder_open(folder);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0 || !own_folder_list(fd, is_ours, &names))
		return err_set_errno(err, fd < 0 ? fd : -errno,
				     "cannot read the folder '%s'", folder);
	for (size_t i = 0; i < names.count; i++) {
		if (unlinkat(fd, names.items[i], 0) < 0)
			return err_set_errno(err, -errno,
					     "cannot remove '%s/%s'", folder,
					     names.items[i]);
		(*count)++;
	}
	/* Something else may be in it. */
	if (rmdir(folder) < 0 && errno != ENOTEMPTY && errno != EEXIST)
		return err_set_errno(err, -errno,
				     "cannot remove the folder '%s'", folder);
	return 0;
}
