/* SPDX-License-Identifier: Apache-2.0 */
#include "run/kernel_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/own_folder.h"
#include "spec/cache_home.h"

struct trailer {
	char magic[8];
	uint64_t size; /* of the ELF */
	uint64_t path_len; /* of the kernel's path, which comes after it */
	uint64_t sum; /* of both */
};

static const char MAGIC[8] = "xkvmELF2";

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

static bool is_whole(const char *map, size_t len, struct trailer *ret)
{
	struct trailer trailer;
	size_t kept = len - sizeof(trailer);

	memcpy(&trailer, map + kept, sizeof(trailer));
	if (memcmp(trailer.magic, MAGIC, sizeof(MAGIC)) != 0 ||
	    trailer.size > kept || trailer.path_len != kept - trailer.size ||
	    trailer.sum != checksum(map, kept))
		return false;
	*ret = trailer;
	return true;
}

/* Opens a whole file; *ret_path, if not NULL, is owned by the caller. */
static int open_whole(int folder, const char *name, int *ret, size_t *ret_size,
		      char **ret_path)
{
	cleanup_close int fd = openat(
		folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct trailer trailer;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : -EBADMSG;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !own_is(&st) ||
	    (size_t)st.st_size < sizeof(struct trailer))
		return -EBADMSG;
	size_t len = (size_t)st.st_size;
	char *map =
		mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		return -EBADMSG;
	bool is_good = is_whole(map, len, &trailer);
	if (is_good && ret_path)
		*ret_path = xstrndup(map + trailer.size, trailer.path_len);
	munmap(map, len);
	if (!is_good)
		return -EBADMSG;
	*ret_size = trailer.size;
	*ret = take_fd(fd);
	return 0;
}

int kernel_cache_find(int folder, const char *name, int *ret, size_t *ret_size)
{
	int r = open_whole(folder, name, ret, ret_size, NULL);

	/* Used now: the last to be removed. */
	if (r == 0)
		futimens(*ret, NULL);
	return r;
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

static bool is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static void remove_oldest(int folder)
{
	cleanup_strv struct strv names = STRV_INIT;
	const char *oldest = NULL;
	struct timespec time = { 0 };
	struct stat st;

	if (!own_folder_list(folder, kernel_cache_is_name, &names) ||
	    names.count <= KERNEL_CACHE_SIZE)
		return;
	for (size_t i = 0; i < names.count; i++) {
		if (fstatat(folder, names.items[i], &st, AT_SYMLINK_NOFOLLOW) <
			    0 ||
		    (oldest && !is_before(&st.st_mtim, &time)))
			continue;
		oldest = names.items[i];
		time = st.st_mtim;
	}
	if (oldest)
		unlinkat(folder, oldest, 0);
}

/* Writes the path and the trailer behind the ELF, which is mapped at `map`. */
static bool write_end(int file, size_t size, const char *path)
{
	struct trailer trailer = { .size = size, .path_len = strlen(path) };
	const size_t kept = size + trailer.path_len;

	memcpy(trailer.magic, MAGIC, sizeof(MAGIC));
	if (pwrite(file, path, trailer.path_len, (off_t)size) !=
	    (ssize_t)trailer.path_len)
		return false;
	void *map = mmap(NULL, kept, PROT_READ, MAP_SHARED, file, 0);
	if (map == MAP_FAILED)
		return false;
	trailer.sum = checksum(map, kept);
	munmap(map, kept);
	return pwrite(file, &trailer, sizeof(trailer), (off_t)kept) ==
	       sizeof(trailer);
}

void kernel_cache_finish(int folder, const char *name, int file, size_t size,
			 const char *path)
{
	if (folder < 0 || !write_end(file, size, path))
		return;
	cleanup_free char *self = xasprintf("/proc/self/fd/%d", file);
	/* What has the name was found to be damaged, or is another start's that
	 * was quicker. */
	unlinkat(folder, name, 0);
	if (linkat(AT_FDCWD, self, folder, name, AT_SYMLINK_FOLLOW) == 0)
		remove_oldest(folder);
}

/* ---- all files ----------------------------------------------------------- */

char *kernel_cache_folder(const char *cache)
{
	return xasprintf("%s%s", cache, &CACHE_KERNELS[strlen(CACHE_FOLDER)]);
}

bool kernel_cache_is_name(const char *name)
{
	return *name != '.' && name[strspn(name, "0123456789abcdef-.")] == '\0';
}

static struct kernel_cache_entry read_entry(int folder, const char *file)
{
	struct kernel_cache_entry entry = { .file = xstrdup(file) };
	cleanup_close int fd = -1;
	struct stat st;

	if (fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) == 0)
		entry.size = (uint64_t)st.st_size;
	if (open_whole(folder, file, &fd, &entry.unpacked, &entry.path) < 0 ||
	    stat(entry.path, &st) < 0)
		return entry;
	cleanup_free char *name = kernel_cache_name(&st);
	entry.is_fresh = str_eq(name, file);
	return entry;
}

struct kernel_cache_entry *kernel_cache_entries(const char *folder,
						size_t *ret_count)
{
	cleanup_strv struct strv names = STRV_INIT;
	cleanup_close int fd = own_folder_open(folder);

	*ret_count = 0;
	if (fd < 0 || !own_folder_list(fd, kernel_cache_is_name, &names))
		return NULL;
	struct kernel_cache_entry *entries =
		xcalloc(names.count, sizeof(*entries));
	for (size_t i = 0; i < names.count; i++)
		entries[i] = read_entry(fd, names.items[i]);
	*ret_count = names.count;
	return entries;
}

void kernel_cache_entries_free(struct kernel_cache_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(entries[i].file);
		free(entries[i].path);
	}
	free(entries);
}
