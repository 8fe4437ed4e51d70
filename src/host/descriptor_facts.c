/* SPDX-License-Identifier: Apache-2.0 */
#include "host/descriptor_facts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUBFOLDER "qemu/firmware"

/* The whole text, with its terminator. Owned by the caller. */
static int read_all(int fd, char **ret)
{
	cleanup_free char *text = xcalloc(1, DESCRIPTOR_MAX + 1);
	size_t len = 0;

	while (len < DESCRIPTOR_MAX) {
		ssize_t n = read(fd, text + len, DESCRIPTOR_MAX - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len == DESCRIPTOR_MAX)
		return EFBIG;
	*ret = xstrdup(text);
	return 0;
}

/* O_NONBLOCK: a FIFO by that name is not waited for. */
static int read_regular(const char *path, char **ret)
{
	cleanup_close int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : ESPIPE;
	return read_all(fd, ret);
}

void host_read_descriptor(const char *path, struct facts *facts)
{
	struct descriptor_facts descriptor = { .path = xstrdup(path) };

	descriptor.error = read_regular(path, &descriptor.text);
	facts->descriptors = xreallocarray(facts->descriptors,
					   facts->descriptor_count + 1,
					   sizeof(*facts->descriptors));
	facts->descriptors[facts->descriptor_count++] = descriptor;
}

static int is_descriptor(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && dot != entry->d_name && str_eq(dot, ".json");
}

void host_read_descriptor_folder(const char *folder, struct facts *facts)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_descriptor, alphasort);

	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		cleanup_free char *path =
			xasprintf("%s/%s", folder, entries[i]->d_name);

		host_read_descriptor(path, facts);
		free(entries[i]);
	}
	free(entries);
}

/* By the XDG Base Directory Specification: a path that is not absolute is to be
 * ignored. Owned by the caller; NULL where there is none. */
static char *user_folder(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config && *config == '/')
		return xasprintf("%s/" SUBFOLDER, config);
	if (home && *home == '/')
		return xasprintf("%s/.config/" SUBFOLDER, home);
	return NULL;
}

void host_read_descriptors(struct facts *facts)
{
	cleanup_free char *user = user_folder();

	host_read_descriptor_folder("/usr/share/" SUBFOLDER, facts);
	host_read_descriptor_folder("/etc/" SUBFOLDER, facts);
	if (user)
		host_read_descriptor_folder(user, facts);
}
