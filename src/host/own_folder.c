/* SPDX-License-Identifier: Apache-2.0 */
#include "host/own_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool own_is(const struct stat *st)
{
	return st->st_uid == geteuid() &&
	       (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int own_folder_open(const char *path)
{
	struct stat st;
	cleanup_close int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return own_is(&st) ? take_fd(fd) : -EPERM;
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool own_folder_list(int folder, bool (*is_meant)(const char *name),
		     struct strv *ret)
{
	struct dirent **entries;
	int count = scandirat(folder, ".", &entries, NULL, compare);

	for (int i = 0; i < count; i++) {
		if (is_meant(entries[i]->d_name))
			strv_add(ret, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count >= 0;
}
