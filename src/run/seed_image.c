/* SPDX-License-Identifier: Apache-2.0 */
#include "run/seed_image.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/library.h"
#include "plan/seed_disk.h"
#include "run/new_file.h"

/* The name that libarchive has had since 3.0. */
#define LIBRARY "libarchive.so.13"
#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
/* Its writer keeps the files in one without a name, in $TMPDIR: not on a disk,
 * for there may be passwords in them. */
#define MEMORY_FOLDER "/dev/shm"

/* What is used of it. */
struct library {
	__typeof__(archive_write_new) *write_new;
	__typeof__(archive_write_free) *write_free;
	__typeof__(archive_write_set_format_iso9660) *set_format_iso9660;
	__typeof__(archive_write_set_options) *set_options;
	__typeof__(archive_write_set_bytes_in_last_block)
		*set_bytes_in_last_block;
	__typeof__(archive_write_open_fd) *open_fd;
	__typeof__(archive_write_header) *write_header;
	__typeof__(archive_write_data) *write_data;
	__typeof__(archive_write_close) *write_close;
	__typeof__(archive_error_string) *error_string;
	__typeof__(archive_errno) *error_number;
	__typeof__(archive_entry_new) *entry_new;
	__typeof__(archive_entry_free) *entry_free;
	__typeof__(archive_entry_set_pathname) *set_pathname;
	__typeof__(archive_entry_set_filetype) *set_filetype;
	__typeof__(archive_entry_set_perm) *set_perm;
	__typeof__(archive_entry_set_size) *set_size;
	__typeof__(archive_entry_set_mtime) *set_mtime;
};

#define FUNCTION(member, name) LIBRARY_FUNCTION(struct library, member, name)

static const struct library_function FUNCTIONS[] = {
	FUNCTION(write_new, "archive_write_new"),
	FUNCTION(write_free, "archive_write_free"),
	FUNCTION(set_format_iso9660, "archive_write_set_format_iso9660"),
	FUNCTION(set_options, "archive_write_set_options"),
	FUNCTION(set_bytes_in_last_block,
		 "archive_write_set_bytes_in_last_block"),
	FUNCTION(open_fd, "archive_write_open_fd"),
	FUNCTION(write_header, "archive_write_header"),
	FUNCTION(write_data, "archive_write_data"),
	FUNCTION(write_close, "archive_write_close"),
	FUNCTION(error_string, "archive_error_string"),
	FUNCTION(error_number, "archive_errno"),
	FUNCTION(entry_new, "archive_entry_new"),
	FUNCTION(entry_free, "archive_entry_free"),
	FUNCTION(set_pathname, "archive_entry_set_pathname"),
	FUNCTION(set_filetype, "archive_entry_set_filetype"),
	FUNCTION(set_perm, "archive_entry_set_perm"),
	FUNCTION(set_size, "archive_entry_set_size"),
	FUNCTION(set_mtime, "archive_entry_set_mtime"),
};

static int add_file(const struct library *lib, struct archive *archive,
		    const struct seed_file *file)
{
	struct archive_entry *entry = lib->entry_new();
	int r;

	if (!entry)
		return ARCHIVE_FATAL;
	lib->set_pathname(entry, file->name);
	lib->set_filetype(entry, AE_IFREG);
	lib->set_perm(entry, 0400);
	lib->set_size(entry, (la_int64_t)file->len);
	lib->set_mtime(entry, 0, 0);
	r = lib->write_header(archive, entry);
	if (r == ARCHIVE_OK &&
	    lib->write_data(archive, file->content, file->len) !=
		    (la_ssize_t)file->len)
		r = ARCHIVE_FATAL;
	lib->entry_free(entry);
	return r;
}

static int write_all(const struct library *lib, struct archive *archive,
		     const struct seed *seed, int fd)
{
	int r = lib->set_format_iso9660(archive);

	if (r == ARCHIVE_OK)
		r = lib->set_options(
			archive, "iso9660:volume-id=" SEED_VOLUME
				 ",iso-level=3,rockridge=strict,joliet,!pad");
	if (r == ARCHIVE_OK)
		r = lib->set_bytes_in_last_block(archive, 1);
	if (r == ARCHIVE_OK)
		r = lib->open_fd(archive, fd);
	for (size_t i = 0; r == ARCHIVE_OK && i < seed->count; i++)
		r = add_file(lib, archive, &seed->files[i]);
	return r == ARCHIVE_OK ? lib->write_close(archive) : r;
}

static int fail(const struct library *lib, struct archive *archive,
		struct err *err)
{
	const char *text = lib->error_string(archive);
	int number = lib->error_number(archive);

	return err_set(err, number > 0 ? -number : -EIO,
		       "cannot write the image of the seed: %s",
		       text ? text : "libarchive does not say why");
}

static int write_image(const struct library *lib, const struct seed *seed,
		       int fd, struct err *err)
{
	struct archive *archive = lib->write_new();
	int r = 0;

	if (!archive)
		return err_set(err, -ENOMEM, "no memory for a seed");
	if (write_all(lib, archive, seed, fd) != ARCHIVE_OK)
		r = fail(lib, archive, err);
	lib->write_free(archive);
	return r;
}

int seed_image_write(const struct seed *seed, int fd, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	cleanup_free char *was = folder ? xstrdup(folder) : NULL;
	struct library lib;
	void *handle;
	int r = library_load(LIBRARY, FUNCTIONS, ARRAY_SIZE(FUNCTIONS), &lib,
			     &handle, err);

	if (r < 0)
		return err_prefix(err, "a seed takes libarchive");
	if (access(MEMORY_FOLDER, W_OK) == 0)
		setenv("TMPDIR", MEMORY_FOLDER, 1);
	r = write_image(&lib, seed, fd, err);
	if (was)
		setenv("TMPDIR", was, 1);
	else
		unsetenv("TMPDIR");
	library_unload(handle);
	return r;
}

int seed_image_open(const struct seed *seed, int *ret, struct err *err)
{
	cleanup_close int fd =
		memfd_create("xkvm-seed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot make a seed");
	r = seed_image_write(seed, fd, err);
	if (r == 0 && fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		r = err_set_errno(err, -errno, "cannot seal the seed");
	if (r == 0)
		*ret = take_fd(fd);
	return r;
}

/* A device or a FIFO is not to be replaced by a file. */
static int check_target(const char *path, bool replaces, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return 0;
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EEXIST, "'%s' is not a regular file",
			       path);
	if (!replaces)
		return err_set(err, -EEXIST,
			       "'%s' exists already; --force replaces it",
			       path);
	return 0;
}

int seed_image_save(const struct seed *seed, const char *path, bool replaces,
		    struct err *err)
{
	struct new_file file = NEW_FILE_INIT;
	int r = check_target(path, replaces, err);

	if (r == 0)
		r = new_file_open(path, &file, err);
	if (r < 0)
		return r;
	file.replaces = replaces;
	if (fchmod(file.fd, 0600) < 0)
		r = err_set_errno(err, -errno, "cannot write '%s'", path);
	if (r == 0)
		r = seed_image_write(seed, file.fd, err);
	if (r == 0)
		r = new_file_finish(&file, err);
	new_file_done(&file);
	return r;
}
