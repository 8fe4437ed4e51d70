/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk_path.h"

#include <errno.h>

#include "plan/sides.h"

static bool is_flag(const struct model_facts *model, const struct facts *facts,
		    const char *word)
{
	return sides_of_disk_key(model, &facts->qemu, word) != SIDE_UNKNOWN;
}

/* More than one word could be the path, which most often means that one path
 * has a comma in it. */
static int refuse_second(const char *path, const char *second, struct err *err)
{
	return err_set(err, -EINVAL,
		       "'%s' is neither an option nor, after '%s', the file; "
		       "a comma in a file's name is written ',,'",
		       second, path);
}

int disk_path_find(const struct disk_spec *disk,
		   const struct model_facts *model, const struct facts *facts,
		   const char **ret, struct err *err)
{
	const char *path = disk->file;

	if (!path && disk->bare.count == 1) {
		*ret = disk->bare.items[0];
		return 0;
	}
	for (size_t i = 0; i < disk->bare.count; i++) {
		const char *word = disk->bare.items[i];

		if (is_flag(model, facts, word))
			continue;
		if (path)
			return refuse_second(path, word, err);
		path = word;
	}
	if (!path)
		return err_set(err, -EINVAL,
			       "no file is named; write file=PATH");
	*ret = path;
	return 0;
}

static const char *kind_text(enum file_kind kind)
{
	switch (kind) {
	case FILE_DIRECTORY:
		return "a directory";
	case FILE_FIFO:
		return "a FIFO";
	case FILE_SOCKET:
		return "a socket";
	default:
		return "no file that can be a disk";
	}
}

static int refuse_write(const struct file_facts *file, struct err *err)
{
	return err_set(err, -EINVAL,
		       "'%s' cannot be written by this user (owner uid %u, "
		       "mode %04o); add readonly=on or snapshot=on, or have it "
		       "given to you",
		       file->path, file->owner, file->mode);
}

int disk_path_check(const struct file_facts *file, bool is_readonly,
		    struct err *err)
{
	switch (file->kind) {
	case FILE_REGULAR:
	case FILE_BLOCK:
	case FILE_CHAR:
		break;
	case FILE_MISSING:
		return err_set(err, -EINVAL, "'%s': no such file", file->path);
	case FILE_UNREACHABLE:
		return err_set(err, -EINVAL, "'%s' cannot be looked at: %s",
			       file->path, strerrordesc_np(file->error));
	default:
		return err_set(err, -EINVAL, "'%s' is %s", file->path,
			       kind_text(file->kind));
	}
	if (file->error == EACCES || file->error == EPERM)
		return err_set(err, -EINVAL,
			       "'%s' cannot be read by this user (owner uid "
			       "%u, mode %04o)",
			       file->path, file->owner, file->mode);
	if (file->error)
		return err_set(err, -EINVAL, "'%s' cannot be read: %s",
			       file->path, strerrordesc_np(file->error));
	if (!is_readonly && !file->can_write)
		return refuse_write(file, err);
	return 0;
}

int disk_path_format(const struct disk_spec *disk,
		     const struct file_facts *file, const char **ret,
		     struct err *err)
{
	if (disk->format) {
		*ret = disk->format;
		return 0;
	}
	if (file->kind != FILE_REGULAR) {
		*ret = "raw";
		return 0;
	}
	const char *found = image_format_name(file->format);
	if (file->was_raw && file->format != IMAGE_RAW)
		return err_set(err, -EINVAL,
			       "'%s' was used as a raw disk before and now has "
			       "a %s header, which its guest may have written; "
			       "say format=raw to go on with it, or format=%s "
			       "if that header is yours",
			       file->path, found, found);
	*ret = found;
	return 0;
}

const struct file_facts *disk_path_facts(const struct disk_spec *disk,
					 const struct facts *facts)
{
	if (disk->file)
		return facts_file(facts, disk->file);
	for (size_t i = 0; i < disk->bare.count; i++) {
		const struct file_facts *file =
			facts_file(facts, disk->bare.items[i]);

		if (file && (file->real_path || file->future_path))
			return file;
	}
	return NULL;
}
