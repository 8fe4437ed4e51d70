/* SPDX-License-Identifier: Apache-2.0 */
#include "run/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plan/kernel_image.h"
#include "run/cache_folder.h"
#include "run/kernel_cache.h"
#include "run/unpack.h"

/* No kernel is as long; what says so is damaged. */
#define UNPACKED_MAX ((size_t)1 << 30)

/* The folder of all caches, and the user's cache folder, may be missing. */
#define CACHE_PARENTS 2

#define NO_PVH "its ELF has no PVH note to enter it by"

struct kernel {
	int file; /* owned */
	const char *map; /* of the file */
	size_t len;
	const void *packed;
	size_t packed_len;
	size_t size; /* of the ELF */
	int folder; /* owned; of the cache, or -1 */
	char *name; /* owned; there */
	char *path; /* owned; to tell whose it is */
};

static int find_payload(struct kernel *kernel, struct err *err)
{
	struct kernel_payload payload;

	if (!kernel_image_payload(kernel->map, kernel->len, &payload) ||
	    payload.offset > kernel->len ||
	    payload.length > kernel->len - payload.offset ||
	    !kernel_image_sizes(kernel->map + payload.offset,
				(size_t)payload.length, &kernel->packed_len,
				&kernel->size) ||
	    kernel->size > UNPACKED_MAX)
		return err_set(err, -EBADMSG, "it is cut off or damaged");
	kernel->packed = kernel->map + payload.offset;
	return 0;
}

/* A full or read-only file system costs only the cache. */
static int begin(struct kernel *kernel, int *ret, void **ret_map,
		 struct err *err)
{
	int r = kernel->folder < 0
			? -ENOENT
			: kernel_cache_begin(kernel->folder, kernel->size, ret,
					     ret_map);

	if (r < 0) {
		close_fd(&kernel->folder);
		r = kernel_cache_begin(-1, kernel->size, ret, ret_map);
	}
	return r < 0 ? err_set_errno(err, r, "there is no room for it") : 0;
}

/* Remembers that unpacking this one is no use. */
static void remember_nothing(const struct kernel *kernel)
{
	cleanup_close int file = -1;
	void *map = NULL;

	if (kernel->folder >= 0 &&
	    kernel_cache_begin(kernel->folder, 0, &file, &map) == 0)
		kernel_cache_finish(kernel->folder, kernel->name, file, 0,
				    kernel->path);
}

static int unpack_it(struct kernel *kernel, int *ret, struct err *err)
{
	cleanup_close int file = -1;
	void *map;
	int r = begin(kernel, &file, &map, err);

	if (r < 0)
		return r;
	r = unpack(kernel->packed, kernel->packed_len, map, kernel->size, err);
	if (r == 0 && !kernel_image_has_pvh(map, kernel->size)) {
		remember_nothing(kernel);
		r = err_set(err, -ENOTSUP, NO_PVH);
	}
	if (r == 0)
		kernel_cache_finish(kernel->folder, kernel->name, file,
				    kernel->size, kernel->path);
	munmap(map, kernel->size);
	if (r == 0)
		*ret = take_fd(file);
	return r;
}

static int find_or_unpack(struct kernel *kernel, int *ret, struct err *err)
{
	size_t size;
	int r = kernel->folder < 0
			? -ENOENT
			: kernel_cache_find(kernel->folder, kernel->name, ret,
					    &size);

	if (r == 0 && size > 0)
		return 0;
	if (r == 0) {
		close_fd(ret);
		return err_set(err, -ENOTSUP, NO_PVH);
	}
	r = find_payload(kernel, err);
	return r < 0 ? r : unpack_it(kernel, ret, err);
}

static int open_kernel(struct kernel *kernel, const char *path,
		       const char *cache, struct err *err)
{
	struct stat st;

	kernel->file = open(path, O_RDONLY | O_CLOEXEC);
	if (kernel->file < 0 || fstat(kernel->file, &st) < 0)
		return err_set_errno(err, -errno, "cannot open '%s'", path);
	kernel->len = (size_t)st.st_size;
	kernel->map = mmap(NULL, kernel->len, PROT_READ, MAP_PRIVATE,
			   kernel->file, 0);
	if (kernel->map == MAP_FAILED)
		return err_set_errno(err, -errno, "cannot read '%s'", path);
	kernel->name = kernel_cache_name(&st);
	kernel->path = realpath(path, NULL);
	if (cache && kernel->path)
		kernel->folder = cache_folder_open(cache, CACHE_PARENTS);
	return 0;
}

static void kernel_done(struct kernel *kernel)
{
	close_fd(&kernel->file);
	close_fd(&kernel->folder);
	free(kernel->name);
	free(kernel->path);
	if (kernel->map != MAP_FAILED)
		munmap((void *)kernel->map, kernel->len);
}

int kernel_open(const char *path, const char *cache, int *ret,
		char **ret_obstacle, struct err *err)
{
	struct kernel kernel = { .file = -1, .map = MAP_FAILED, .folder = -1 };
	int elf = -1;
	int r = open_kernel(&kernel, path, cache, err);

	if (r == 0) {
		struct err obstacle;
		bool is_unpacked = find_or_unpack(&kernel, &elf, &obstacle) ==
				   0;

		*ret_obstacle = is_unpacked ? NULL : xstrdup(obstacle.text);
		*ret = is_unpacked ? elf : take_fd(kernel.file);
	}
	kernel_done(&kernel);
	return r;
}
