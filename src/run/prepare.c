/* SPDX-License-Identifier: Apache-2.0 */
#include "run/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/file_facts.h"
#include "run/new_file.h"

#define BLOCK 65536

static bool is_zero(const char *data, size_t len)
{
	return len == 0 ||
	       (data[0] == 0 && memcmp(data, data + 1, len - 1) == 0);
}

static int write_at(int fd, const char *data, size_t len, off_t offset)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, data, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		offset += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Copies all of `from`, and more zeros up to `size`. Blocks of zeros become
 * holes: the variable store of an ARM machine is 64 MiB of almost nothing. */
static int copy_all(int from, int to, uint64_t size)
{
	cleanup_free char *buf = xcalloc(1, BLOCK);
	off_t offset = 0;

	for (;;) {
		ssize_t n = pread(from, buf, BLOCK, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		int r = is_zero(buf, (size_t)n)
				? 0
				: write_at(to, buf, (size_t)n, offset);
		if (r < 0)
			return r;
		offset += n;
	}
	if ((uint64_t)offset < size)
		offset = (off_t)size;
	return ftruncate(to, offset) < 0 ? -errno : 0;
}

static int open_source(const char *source, int *ret, struct err *err)
{
	int fd = open(source, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot open '%s'", source);
	*ret = fd;
	return 0;
}

int prepare_nvram_file(const char *path, const char *source, uint64_t size,
		       struct err *err)
{
	struct new_file to = NEW_FILE_INIT;
	cleanup_close int from = -1;
	int r = open_source(source, &from, err);

	if (r == 0)
		r = new_file_open(path, &to, err);
	if (r < 0)
		return r;
	r = copy_all(from, to.fd, size);
	if (r < 0)
		err_set_errno(err, r, "cannot create '%s'", path);
	/* Without it, the store is held against the template's size. */
	fsetxattr(to.fd, NVRAM_MARK_NAME, source, strlen(source), 0);
	if (r == 0)
		r = new_file_finish(&to, err);
	new_file_done(&to);
	return r;
}

int prepare_nvram_memory(const char *source, uint64_t size, int *ret,
			 struct err *err)
{
	cleanup_close int from = -1;
	int r = open_source(source, &from, err);

	if (r < 0)
		return r;
	cleanup_close int to = memfd_create("nvram", MFD_CLOEXEC);
	r = to < 0 ? -errno : copy_all(from, to, size);
	if (r < 0)
		return err_set_errno(err, r, "cannot copy '%s'", source);
	*ret = take_fd(to);
	return 0;
}

int prepare_lock(const char *path, bool is_shared, int *ret, struct err *err)
{
	cleanup_close int fd =
		open(path, (is_shared ? O_RDONLY : O_RDWR) | O_CLOEXEC);

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot open '%s'", path);
	if (flock(fd, (is_shared ? LOCK_SH : LOCK_EX) | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			return err_set(err, -EBUSY,
				       "'%s' is in use by another guest", path);
		return err_set_errno(err, -errno, "cannot lock '%s'", path);
	}
	/* Whoever held the lock until now may have removed the file. */
	if (!new_file_has_name(fd, path))
		return err_set(err, -EAGAIN,
			       "'%s' was removed by another run; try again",
			       path);
	*ret = take_fd(fd);
	return 0;
}

int prepare_memory_file(const char *name, const char *content, int *ret,
			struct err *err)
{
	cleanup_close int fd = memfd_create(name, MFD_CLOEXEC);
	int r = fd < 0 ? -errno : write_at(fd, content, strlen(content), 0);

	if (r < 0)
		return err_set_errno(err, r, "cannot make a file in memory");
	*ret = take_fd(fd);
	return 0;
}

void prepare_raw_mark(const char *path, bool is_raw)
{
	if (is_raw)
		setxattr(path, RAW_MARK_NAME, RAW_MARK_VALUE,
			 strlen(RAW_MARK_VALUE), 0);
	else
		removexattr(path, RAW_MARK_NAME);
}
