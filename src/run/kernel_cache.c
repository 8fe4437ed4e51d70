/* SPDX-License-Identifier: Apache-2.0 */
#include "run/kernel_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct trailer {
	char magic[8];
	uint64_t size;
	uint64_t sum;
};

static const char MAGIC[8] = "xkvmELF1";

char *kernel_cache_name(const struct stat *st)
{
	return xasprintf("%jx-%jx-%jx-%jx.%lx-%jx.%lx", (uintmax_t)st->st_dev,
			 (uintmax_t)st->st_ino, (uintmax_t)st->st_size,
			 (uintmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
			 (uintmax_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

/* FNV-1a, with words for bytes and four sums side by side, so that it takes
 * less time than reading the file. It finds damage; the folder keeps out
 * malice. */
static uint64_t checksum(const void *data, size_t len)
{
	const uint64_t prime = UINT64_C(0x100000001b3);
	uint64_t sums[4] = { 1, 2, 3, 4 };
	uint64_t words[4];
	size_t at = 0;

	for (; len - at >= sizeof(words); at += sizeof(words)) {
		memcpy(words, (const char *)data + at, sizeof(words));
		for (size_t i = 0; i < 4; i++)
			sums[i] = (sums[i] ^ words[i]) * prime;
	}
	memset(words, 0, sizeof(words));
	if (len > at)
		memcpy(words, (const char *)data + at, len - at);
	uint64_t sum = len;
	for (size_t i = 0; i < 4; i++) {
		sum = (sum ^ sums[i]) * prime;
		sum = (sum ^ words[i]) * prime;
	}
	return sum;
}

/* Each folder of the path, as mkdir -p does. */
static void make_folders(const char *path)
{
	cleanup_free char *copy = xstrdup(path);

	for (char *slash = copy; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	mkdir(copy, 0700);
}

static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

int kernel_cache_open(const char *folder, int *ret)
{
	struct stat st;

	make_folders(folder);
	cleanup_close int fd =
		open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!is_ours(&st))
		return -EPERM;
	*ret = take_fd(fd);
	return 0;
}

static bool is_whole(const char *map, size_t len, size_t *ret_size)
{
	struct trailer trailer;
	size_t size = len - sizeof(trailer);

	memcpy(&trailer, map + size, sizeof(trailer));
	if (memcmp(trailer.magic, MAGIC, sizeof(MAGIC)) != 0 ||
	    trailer.size != size || trailer.sum != checksum(map, size))
		return false;
	*ret_size = size;
	return true;
}

int kernel_cache_find(int folder, const char *name, int *ret, size_t *ret_size)
{
	cleanup_close int fd = openat(
		folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : -EBADMSG;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !is_ours(&st) ||
	    (size_t)st.st_size < sizeof(struct trailer))
		return -EBADMSG;
	size_t len = (size_t)st.st_size;
	void *map =
		mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		return -EBADMSG;
	bool is_good = is_whole(map, len, ret_size);
	munmap(map, len);
	if (!is_good)
		return -EBADMSG;
	/* Used now: the last to be removed. */
	futimens(fd, NULL);
	*ret = take_fd(fd);
	return 0;
}

int kernel_cache_begin(int folder, size_t size, int *ret, void **ret_map)
{
	cleanup_close int fd =
		folder < 0 ? memfd_create("kernel", MFD_CLOEXEC)
			   : openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
				    0600);

	if (fd < 0)
		return -errno;
	/* Room that is not there would be a SIGBUS later. */
	int r = posix_fallocate(fd, 0, (off_t)(size + sizeof(struct trailer)));
	if (r != 0)
		return -r;
	if (size > 0) {
		void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
				 fd, 0);
		if (map == MAP_FAILED)
			return -errno;
		*ret_map = map;
	}
	*ret = take_fd(fd);
	return 0;
}

/* The oldest name but those that begin with a dot, and how many there are. */
static size_t find_oldest(DIR *dir, char *ret, size_t ret_size)
{
	struct timespec oldest = { 0 };
	const struct dirent *entry;
	size_t count = 0;
	struct stat st;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(dir), entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (count++ > 0 && (st.st_mtim.tv_sec > oldest.tv_sec ||
				    (st.st_mtim.tv_sec == oldest.tv_sec &&
				     st.st_mtim.tv_nsec >= oldest.tv_nsec)))
			continue;
		oldest = st.st_mtim;
		snprintf(ret, ret_size, "%s", entry->d_name);
	}
	return count;
}

static void remove_oldest(int folder)
{
	char name[NAME_MAX + 1];
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		close_fd(&fd);
		return;
	}
	if (find_oldest(dir, name, sizeof(name)) > KERNEL_CACHE_SIZE)
		unlinkat(folder, name, 0);
	closedir(dir);
}

void kernel_cache_finish(int folder, const char *name, int file,
			 const void *map, size_t size)
{
	struct trailer trailer = { .size = size, .sum = checksum(map, size) };

	if (folder < 0)
		return;
	memcpy(trailer.magic, MAGIC, sizeof(MAGIC));
	if (pwrite(file, &trailer, sizeof(trailer), (off_t)size) !=
	    sizeof(trailer))
		return;
	cleanup_free char *self = xasprintf("/proc/self/fd/%d", file);
	/* What has the name was found to be damaged, or is another start's that
	 * was quicker. */
	unlinkat(folder, name, 0);
	if (linkat(AT_FDCWD, self, folder, name, AT_SYMLINK_FOLLOW) == 0)
		remove_oldest(folder);
}
