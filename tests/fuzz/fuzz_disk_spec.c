/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text: what disk_spec_parse() accepts names a file, in one way or
 * another, and contradicts itself nowhere.
 */
#include "input.h"

#include "spec/disk_spec.h"

static void check_disk(const struct disk_spec *disk, const char *text)
{
	require(str_eq(disk->arg, text));
	require(disk->file ? *disk->file != '\0' : disk->bare.count > 0);
	require(disk->bare.count <= disk->words.count);
	require(!disk->is_cdrom || disk->is_readonly);
	require(!disk->index || (!disk->bus && !disk->unit));
	require(!disk->id || *disk->id);
	require(!disk->driver || *disk->driver);
	require(!disk->grows || disk->size > 0);
	require(!disk->base || *disk->base);
	require(!disk->is_ro || disk->is_readonly);
	require(!disk->is_cdrom || (!disk->size && !disk->base));
	require(disk->size <= INT64_MAX);
	/* Each word is either taken or still to be placed, by its key. */
	for (size_t i = 0; i < disk->words.count; i++)
		require(disk_spec_takes(&disk->words.items[i]) ||
			*disk->words.items[i].key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = input_text(data, size);
	struct disk_spec disk;
	struct err err;
	int r = disk_spec_parse(text, &disk, &err);

	if (r < 0) {
		require_error(r, &err);
		return 0;
	}
	check_disk(&disk, text);
	disk_spec_done(&disk);
	return 0;
}
