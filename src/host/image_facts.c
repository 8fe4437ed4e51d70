/* SPDX-License-Identifier: Apache-2.0 */
#include "host/image_facts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The folder part of a path, with its slash. Owned by the caller. */
static char *folder_of(const char *path, const char *otherwise)
{
	const char *slash = strrchr(path, '/');

	return slash ? xstrndup(path, (size_t)(slash - path) + 1)
		     : xstrdup(otherwise);
}

/* Owned by the caller; NULL where the folder is missing, too. */
static char *future_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	cleanup_free char *folder = folder_of(path, ".");
	cleanup_free char *real = realpath(folder, NULL);

	if (!real)
		return NULL;
	return xasprintf("%s/%s", str_eq(real, "/") ? "" : real,
			 slash ? slash + 1 : path);
}

/* A relative name is relative to the overlay (qemu-img(1)). */
static char *resolve(const char *overlay, const char *name)
{
	cleanup_free char *folder = folder_of(overlay, "");
	cleanup_free char *path =
		*name == '/' ? xstrdup(name) : xasprintf("%s%s", folder, name);
	char *real = realpath(path, NULL);

	return real ? real : xstrdup(name);
}

static char *read_backing(const struct file_facts *file)
{
	char header[IMAGE_HEADER_SIZE];
	uint64_t offset;
	size_t len;
	cleanup_close int fd =
		open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return NULL;
	ssize_t n = pread(fd, header, sizeof(header), 0);
	if (n < 0 || !image_backing_place(header, (size_t)n, &offset, &len) ||
	    offset > INT64_MAX - len)
		return NULL;
	cleanup_free char *name = xcalloc(len + 1, 1);
	if (pread(fd, name, len, (off_t)offset) != (ssize_t)len)
		return NULL;
	return resolve(file->real_path ? file->real_path : file->path, name);
}

void host_look_at_image(struct file_facts *file)
{
	if (file->kind == FILE_MISSING)
		file->future_path = future_path(file->path);
	else if (file->kind == FILE_REGULAR && !file->error &&
		 file->format == IMAGE_QCOW2)
		file->backing = read_backing(file);
}
