/* SPDX-License-Identifier: Apache-2.0 */
#include "host/file_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/image_locks.h"

static enum file_kind kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return FILE_REGULAR;
	case S_IFBLK:
		return FILE_BLOCK;
	case S_IFCHR:
		return FILE_CHAR;
	case S_IFDIR:
		return FILE_DIRECTORY;
	case S_IFIFO:
		return FILE_FIFO;
	default:
		return FILE_SOCKET;
	}
}

static bool was_raw(int fd)
{
	char value[sizeof(RAW_MARK_VALUE)];
	ssize_t n = fgetxattr(fd, RAW_MARK_NAME, value, sizeof(value));

	return n == sizeof(RAW_MARK_VALUE) - 1 &&
	       memcmp(value, RAW_MARK_VALUE, (size_t)n) == 0;
}

/* Owned by the caller; NULL where there is none, or none that is a path. */
static char *nvram_template(int fd)
{
	char value[PATH_MAX];
	ssize_t n = fgetxattr(fd, NVRAM_MARK_NAME, value, sizeof(value));

	if (n <= 0 || value[0] != '/' || memchr(value, '\0', (size_t)n))
		return NULL;
	return xstrndup(value, (size_t)n);
}

/* Reads as much of the header as there is. */
static ssize_t read_header(int fd, char *buf, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, buf + done, size - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* O_NONBLOCK: should the name become a FIFO's in between, this does not wait
 * for its other end. */
static int look_inside(const char *path, struct file_facts *file)
{
	char header[IMAGE_HEADER_SIZE];
	cleanup_close int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno;
	ssize_t n = read_header(fd, header, sizeof(header));
	if (n < 0)
		return (int)-n;
	file->format = image_format_detect(header, (size_t)n);
	file->virtual_size =
		image_virtual_size(file->format, header, (size_t)n, file->size);
	file->locks = image_locks(fd);
	file->was_raw = was_raw(fd);
	file->nvram_template = nvram_template(fd);
	return 0;
}

void host_look_at_file(const char *path, struct file_facts *ret)
{
	struct file_facts file = { .path = xstrdup(path) };
	struct stat st;

	if (stat(path, &st) < 0) {
		file.kind = errno == ENOENT ? FILE_MISSING : FILE_UNREACHABLE;
		file.error = errno;
		*ret = file;
		return;
	}
	file.kind = kind_of(st.st_mode);
	file.real_path = realpath(path, NULL);
	file.size = (uint64_t)st.st_size;
	file.owner = st.st_uid;
	file.mode = st.st_mode & 07777;
	file.can_write = faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
	if (file.kind == FILE_REGULAR)
		file.error = look_inside(path, &file);
	else if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) < 0)
		file.error = errno;
	*ret = file;
}
