/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

char *folder_new(void)
{
	const char *parent = getenv("TMPDIR");
	char *path = xasprintf("%s/test.XXXXXX",
			       parent && *parent ? parent : "/tmp");

	assert_non_null(mkdtemp(path));
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *position)
{
	(void)st;
	(void)type;
	(void)position;
	return remove(path);
}

void folder_remove(char *folder)
{
	assert_int_equal(nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS),
			 0);
	free(folder);
}

char *test_folder;

int folder_set_up(void **state)
{
	(void)state;
	test_folder = folder_new();
	return 0;
}

int folder_tear_down(void **state)
{
	(void)state;
	folder_remove(test_folder);
	return 0;
}

char *folder_path(const char *folder, const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

char *folder_file(const char *folder, const char *name, const void *data,
		  size_t len, mode_t mode)
{
	char *path = folder_path(folder, name);
	cleanup_close int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	return path;
}

size_t folder_count(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}
