/* SPDX-License-Identifier: Apache-2.0 */
#include "host/image_locks.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spec/passthrough.h"

/*
 * block/file-posix.c: RAW_LOCK_PERM_BASE and RAW_LOCK_SHARED_BASE, and behind
 * each a byte for each permission; QAPI's BlockPermission has their numbers.
 */
#define LOCKS_PERM 100
#define LOCKS_SHARED 200
#define LOCKS_COUNT 104
#define PERM_CONSISTENT_READ 0
#define PERM_WRITE 1

/* More than any QEMU's command line; of a longer one the rest is not read. */
#define CMDLINE_MAX 65536

static struct flock bytes(off_t start, off_t len)
{
	return (struct flock){
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = start,
		.l_len = len,
	};
}

static bool is_locked(int fd, off_t start, off_t len)
{
	struct flock lock = bytes(start, len);

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool image_lock_all(int fd)
{
	const struct flock lock = bytes(LOCKS_PERM, LOCKS_COUNT);

	return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

unsigned int image_locks(int fd)
{
	unsigned int locks = 0;

	if (!is_locked(fd, LOCKS_PERM, LOCKS_COUNT))
		return 0;
	if (is_locked(fd, LOCKS_PERM + PERM_WRITE, 1))
		locks |= FILE_LOCK_WRITER;
	if (is_locked(fd, LOCKS_SHARED + PERM_WRITE, 1))
		locks |= FILE_LOCK_NO_WRITERS;
	if (is_locked(fd, LOCKS_SHARED + PERM_CONSISTENT_READ, 1))
		locks |= FILE_LOCK_NO_READERS;
	return locks;
}

/* What the kernel says of a descriptor has its locks (proc(5), fdinfo). */
static bool has_lock(int process, const char *fd)
{
	cleanup_free char *path = xasprintf("fdinfo/%s", fd);
	char text[4096];
	cleanup_close int info = openat(process, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = info < 0 ? 0 : read(info, text, sizeof(text) - 1);

	if (n <= 0)
		return false;
	text[n] = '\0';
	return strstr(text, "OFDLCK") || strstr(text, "POSIX");
}

static bool is_open_and_locked(int process, const struct stat *file)
{
	int folder = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = folder < 0 ? NULL : fdopendir(folder);
	const struct dirent *entry;
	bool is_found = false;
	struct stat st;

	if (!dir) {
		close_fd(&folder);
		return false;
	}
	while (!is_found && (entry = readdir(dir)))
		is_found = fstatat(folder, entry->d_name, &st, 0) == 0 &&
			   st.st_dev == file->st_dev &&
			   st.st_ino == file->st_ino &&
			   has_lock(process, entry->d_name);
	closedir(dir);
	return is_found;
}

/* The file of a process, as text with NULs in it. Owned by the caller. */
static char *read_file(int process, const char *name, size_t *ret_len)
{
	cleanup_free char *text = xcalloc(CMDLINE_MAX + 1, 1);
	cleanup_close int fd = openat(process, name, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	while (fd >= 0 && len < CMDLINE_MAX &&
	       (n = read(fd, text + len, CMDLINE_MAX - len)) > 0)
		len += (size_t)n;
	*ret_len = len;
	return take_ptr(text);
}

/* The value of -name. Owned by the caller; NULL where it has none. */
static char *guest_name(int process)
{
	cleanup_strv struct strv args = STRV_INIT;
	struct passthrough passthrough;
	size_t len;
	cleanup_free char *text = read_file(process, "cmdline", &len);

	for (size_t at = 0; at < len; at += strlen(text + at) + 1)
		strv_add(&args, text + at);
	passthrough_read(&args, &passthrough);
	char *name = take_ptr(passthrough.guest_name);
	passthrough_done(&passthrough);
	return name;
}

static void describe(int process, const char *pid, struct file_holder *ret)
{
	size_t len;
	char *name = read_file(process, "comm", &len);

	name[strcspn(name, "\n")] = '\0';
	*ret = (struct file_holder){
		.pid = atoi(pid),
		.program = name,
		.guest = guest_name(process),
	};
}

void host_find_holder(struct file_facts *file)
{
	const struct dirent *entry;
	struct stat st;
	DIR *proc = opendir("/proc");

	if (!proc)
		return;
	if (stat(file->path, &st) < 0) {
		closedir(proc);
		return;
	}
	while (file->holder.pid == 0 && (entry = readdir(proc))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		cleanup_close int process =
			openat(dirfd(proc), entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (process >= 0 && is_open_and_locked(process, &st))
			describe(process, entry->d_name, &file->holder);
	}
	closedir(proc);
}
