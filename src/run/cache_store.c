/* SPDX-License-Identifier: Apache-2.0 */
#include "run/cache_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "run/cache_folder.h"
#include "run/kernel_cache.h"

/* While a file is written its name ends so. */
#define NEW_SUFFIX ".new"

/* Nobody writes for so long: who made this file was killed. */
#define ABANDONED_S 60

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
	cleanup_close int folder = cache_folder_open(cache->folder, 1);
	int r = folder < 0 ? folder : replace(folder, cache->file, data, size);
	if (r < 0)
		return err_set_errno(err, r, "cannot write to the folder '%s'",
				     cache->folder);
	return 0;
}

static bool is_answers(const char *name)
{
	return str_starts(name, QEMU_CACHE_PREFIX);
}

int cache_clear(const char *folder, size_t *ret_count, struct err *err)
{
	cleanup_free char *kernels = kernel_cache_folder(folder);
	size_t count = 0;
	int r = cache_folder_clear(kernels, kernel_cache_is_name, &count, err);

	if (r == 0)
		r = cache_folder_clear(folder, is_answers, &count, err);
	if (r == 0)
		*ret_count = count;
	return r;
}
