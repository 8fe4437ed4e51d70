/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cache_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* While a file is written its name ends so. */
#define NEW_SUFFIX ".new"

/* Nobody writes for so long: who made this file was killed. */
#define ABANDONED_S 60

/* Makes the last folder of a path, if the one it is in is ours: root, with the
 * HOME of another user, leaves nothing there. */
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

/* The user's cache folder itself may be missing, too, but no more than that. */
static int make_folder(const char *folder)
{
	cleanup_free char *base =
		xstrndup(folder, (size_t)(strrchr(folder, '/') - folder));
	int r = make_in_own(folder);

	if (r != -ENOENT)
		return r;
	r = make_in_own(base);
	return r < 0 ? r : make_in_own(folder);
}

static int open_folder(const char *folder)
{
	int fd = qemu_cache_open_folder(folder);

	if (fd != -ENOENT)
		return fd;
	int r = make_folder(folder);
	return r < 0 ? r : qemu_cache_open_folder(folder);
}

/* The time is compared in both directions: a clock may have been put back. */
static bool is_abandoned(int folder, const char *name)
{
	struct stat st;
	time_t now = time(NULL);

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (st.st_mtime < now - ABANDONED_S ||
		st.st_mtime > now + ABANDONED_S);
}

/* The new file, or a negative errno; -EEXIST: another one writes. */
static int create(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			0600);

	return fd < 0 ? -errno : fd;
}

static int create_again(int folder, const char *name)
{
	int fd = create(folder, name);

	if (fd == -EEXIST && is_abandoned(folder, name)) {
		unlinkat(folder, name, 0);
		fd = create(folder, name);
	}
	return fd == -EEXIST ? -EAGAIN : fd;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

static int replace(int folder, const char *name, const void *data, size_t size)
{
	cleanup_free char *new = xasprintf("%s" NEW_SUFFIX, name);
	cleanup_close int fd = create_again(folder, new);

	if (fd < 0)
		return fd;
	int r = write_all(fd, data, size);
	if (r == 0 && renameat(folder, new, folder, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, new, 0);
	return r;
}

int cache_store(struct qemu_cache *cache, struct err *err)
{
	size_t size;
	struct strv *program = list_set_put(&cache->learned, CACHE_PROGRAM);

	for (size_t i = 0; i < cache->identity.count; i++)
		strv_add(program, cache->identity.items[i]);
	list_set_add(&cache->learned, &cache->known);
	cleanup_free void *data = list_set_pack(&cache->learned, &size);
	if (!data)
		return err_set(err, -EFBIG, "QEMU's answers are too long");
	cleanup_close int folder = open_folder(cache->folder);
	int r = folder < 0 ? folder : replace(folder, cache->file, data, size);
	if (r < 0)
		return err_set_errno(err, r, "cannot write to the folder '%s'",
				     cache->folder);
	return 0;
}

int cache_clear(const char *folder, size_t *ret_count, struct err *err)
{
	const struct dirent *dirent;
	size_t count = 0;
	int r = 0, fd = qemu_cache_open_folder(folder);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	*ret_count = 0;
	if (fd == -ENOENT)
		return 0;
	if (!dir) {
		r = err_set_errno(err, fd < 0 ? fd : -errno,
				  "cannot read the folder '%s'", folder);
		close_fd(&fd);
		return r;
	}
	while (r == 0 && (dirent = readdir(dir))) {
		if (!str_starts(dirent->d_name, QEMU_CACHE_PREFIX))
			continue;
		if (unlinkat(fd, dirent->d_name, 0) < 0)
			r = err_set_errno(err, -errno, "cannot remove '%s/%s'",
					  folder, dirent->d_name);
		else
			count++;
	}
	closedir(dir);
	if (r < 0)
		return r;
	/* Something else may be in it. */
	if (rmdir(folder) < 0 && errno != ENOTEMPTY && errno != EEXIST)
		return err_set_errno(err, -errno,
				     "cannot remove the folder '%s'", folder);
	*ret_count = count;
	return 0;
}
