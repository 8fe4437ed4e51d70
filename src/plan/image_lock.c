/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/image_lock.h"

#include <errno.h>

#include "plan/disk_use.h"

static bool has_value(const struct disk_spec *disk, const char *key,
		      const char *value)
{
	for (size_t i = 0; i < disk->words.count; i++) {
		const struct word *word = &disk->words.items[i];

		if (word->value && str_eq(word->key, key) &&
		    str_eq(word->value, value))
			return true;
	}
	return false;
}

bool image_lock_is_off(const struct disk_spec *disk)
{
	return has_value(disk, "file.locking", "off");
}

/* The drivers of formats with metadata share with no writer, whatever the
 * device may. */
static bool is_shared(const struct disk_spec *disk,
		      const struct file_facts *file)
{
	bool is_raw = disk->format ? str_eq(disk->format, "raw")
				   : file->format == IMAGE_RAW;

	return is_raw && (has_value(disk, "share-rw", "on") ||
			  disk_use_has_flag(disk, "share-rw"));
}

/* The locks of others that are in the way. */
static unsigned int obstacles(const struct run_spec *spec,
			      const struct disk_spec *disk,
			      const struct file_facts *file, bool is_base)
{
	bool is_written = !is_base && disk_use_of(spec, disk) == DISK_WRITTEN;
	unsigned int locks = FILE_LOCK_NO_READERS;

	if (is_written)
		locks |= FILE_LOCK_NO_WRITERS;
	if (is_base || !is_shared(disk, file))
		locks |= FILE_LOCK_WRITER;
	return locks;
}

bool image_lock_conflicts(const struct run_spec *spec,
			  const struct disk_spec *disk,
			  const struct file_facts *file, bool is_base)
{
	if (file->locks == 0 || image_lock_is_off(disk))
		return false;
	return file->locks & obstacles(spec, disk, file, is_base);
}

int image_lock_check(const struct run_spec *spec, const struct disk_spec *disk,
		     const struct file_facts *file, bool is_base,
		     struct err *err)
{
	const struct file_holder *holder = &file->holder;
	const char *guest = holder->guest;
	bool is_written = file->locks & FILE_LOCK_WRITER;

	if (!image_lock_conflicts(spec, disk, file, is_base))
		return 0;
	if (holder->pid == 0)
		return err_set(err, -EBUSY,
			       "'%s' is in use by a process that this user "
			       "cannot see; root can, with 'fuser -v'",
			       file->path);
	return err_set(err, -EBUSY, "'%s' is in use by process %d (%s%s%s%s)%s",
		       file->path, (int)holder->pid, holder->program,
		       guest ? ", guest '" : "", guest ? guest : "",
		       guest ? "'" : "",
		       is_written ? "; end that first, or use a copy"
				  : "; ephemeral can be had beside it");
}

static void ask_for(const struct run_spec *spec, const struct disk_spec *disk,
		    const struct facts *facts, const char *path, bool is_base,
		    struct strv *files)
{
	const struct file_facts *file = facts_file(facts, path);

	if (file && image_lock_conflicts(spec, disk, file, is_base))
		strv_add_unique(files, path);
}

void image_lock_questions(const struct run_spec *spec,
			  const struct facts *facts, struct strv *files)
{
	for (size_t i = 0; i < spec->disk_count; i++) {
		const struct disk_spec *disk = &spec->disks[i];

		if (disk->base)
			ask_for(spec, disk, facts, disk->base, true, files);
		if (disk->file)
			ask_for(spec, disk, facts, disk->file, false, files);
		for (size_t j = 0; !disk->file && j < disk->bare.count; j++)
			ask_for(spec, disk, facts, disk->bare.items[j], false,
				files);
	}
}
