/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/disk_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "spec/size.h"

typedef int set_fn(struct disk_spec *disk, const char *value, struct err *err);

struct disk_key {
	const char *name;
	set_fn *set;
	bool is_taken; /* placed by xkvm itself, not handed on as a word */
};

static int set_file(struct disk_spec *disk, const char *value, struct err *err)
{
	if (*value == '\0')
		return err_set(err, -EINVAL, "file= needs a path");
	str_replace(&disk->file, value);
	return 0;
}

static int set_driver(struct disk_spec *disk, const char *value,
		      struct err *err)
{
	(void)err;
	str_replace(&disk->driver, *value ? value : NULL);
	return 0;
}

static int set_interface(struct disk_spec *disk, const char *value,
			 struct err *err)
{
	static const struct {
		const char *name;
		enum disk_interface interface;
	} known[] = {
		{ "none", DISK_IF_DEFAULT },  { "virtio", DISK_IF_VIRTIO },
		{ "scsi", DISK_IF_SCSI },     { "ide", DISK_IF_IDE },
		{ "pflash", DISK_IF_PFLASH },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (str_eq(value, known[i].name)) {
			disk->interface = known[i].interface;
			return 0;
		}
	}
	return err_set(err, -EINVAL,
		       "if=%s is not supported; use virtio, scsi, ide, pflash "
		       "or none, or name the device with driver=",
		       value);
}

static int set_id(struct disk_spec *disk, const char *value, struct err *err)
{
	if (*value == '\0')
		return err_set(err, -EINVAL, "id= needs a name");
	str_replace(&disk->id, value);
	return 0;
}

static int set_format(struct disk_spec *disk, const char *value,
		      struct err *err)
{
	(void)err;
	str_replace(&disk->format, *value ? value : NULL);
	return 0;
}

static int set_serial(struct disk_spec *disk, const char *value,
		      struct err *err)
{
	(void)err;
	str_replace(&disk->serial, *value ? value : NULL);
	return 0;
}

static int set_wwn(struct disk_spec *disk, const char *value, struct err *err)
{
	(void)err;
	str_replace(&disk->wwn, *value ? value : NULL);
	return 0;
}

static int set_bus(struct disk_spec *disk, const char *value, struct err *err)
{
	(void)err;
	str_replace(&disk->bus, *value ? value : NULL);
	return 0;
}

static int set_unit(struct disk_spec *disk, const char *value, struct err *err)
{
	(void)err;
	str_replace(&disk->unit, *value ? value : NULL);
	return 0;
}

static int set_index(struct disk_spec *disk, const char *value, struct err *err)
{
	(void)err;
	str_replace(&disk->index, *value ? value : NULL);
	return 0;
}

static bool is_true(const char *value)
{
	return str_eq(value, "on") || str_eq(value, "yes") ||
	       str_eq(value, "true") || str_eq(value, "y");
}

static int set_size(struct disk_spec *disk, const char *value, struct err *err)
{
	if (!size_parse(value, 0, &disk->size))
		return err_set(err, -EINVAL,
			       "size=%s: give a number and its unit, such as "
			       "10G or 512M",
			       value);
	return 0;
}

static int set_base(struct disk_spec *disk, const char *value, struct err *err)
{
	if (*value == '\0')
		return err_set(err, -EINVAL, "base= needs a path");
	str_replace(&disk->base, value);
	return 0;
}

/* The value of a word that is no word of QEMU's. */
static int parse_switch(const char *key, const char *value, bool *ret,
			struct err *err)
{
	if (!str_eq(value, "on") && !str_eq(value, "off"))
		return err_set(err, -EINVAL, "%s=%s: give on or off", key,
			       value);
	*ret = str_eq(value, "on");
	return 0;
}

static int set_grow(struct disk_spec *disk, const char *value, struct err *err)
{
	return parse_switch("grow", value, &disk->grows, err);
}

static int set_ephemeral(struct disk_spec *disk, const char *value,
			 struct err *err)
{
	bool is_on = false;
	int r = parse_switch("ephemeral", value, &is_on, err);

	if (r == 0)
		disk->ephemeral = is_on ? DISK_EPHEMERAL_ON
					: DISK_EPHEMERAL_OFF;
	return r;
}

static int set_ro(struct disk_spec *disk, const char *value, struct err *err)
{
	return parse_switch("ro", value, &disk->is_ro, err);
}

static int set_readonly(struct disk_spec *disk, const char *value,
			struct err *err)
{
	(void)err;
	disk->is_readonly = is_true(value);
	return 0;
}

static int set_snapshot(struct disk_spec *disk, const char *value,
			struct err *err)
{
	(void)err;
	disk->is_snapshot = is_true(value);
	return 0;
}

static int set_media(struct disk_spec *disk, const char *value, struct err *err)
{
	(void)err;
	disk->is_cdrom = str_eq(value, "cdrom");
	return 0;
}

static const struct disk_key KEYS[] = {
	{ "file", set_file, true },
	{ "driver", set_driver, true },
	{ "if", set_interface, true },
	{ "id", set_id, true },
	{ "format", set_format, true },
	{ "fmt", set_format, true },
	{ "serial", set_serial, true },
	{ "wwn", set_wwn, false },
	{ "bus", set_bus, true },
	{ "unit", set_unit, true },
	{ "index", set_index, true },
	{ "size", set_size, true },
	{ "base", set_base, true },
	{ "grow", set_grow, true },
	{ "ephemeral", set_ephemeral, true },
	{ "ro", set_ro, true },
	{ "readonly", set_readonly, false },
	{ "read-only", set_readonly, false },
	{ "snapshot", set_snapshot, false },
	{ "media", set_media, false },
};

static const struct disk_key *find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
		if (str_eq(KEYS[i].name, name))
			return &KEYS[i];
	return NULL;
}

/* A path may hold '='; no key of an option holds a '/'. */
static bool is_bare(const struct word *word)
{
	return !word->value || strchr(word->key, '/');
}

bool disk_spec_takes(const struct word *word)
{
	const struct disk_key *key = find_key(word->key);

	return is_bare(word) || (key && key->is_taken);
}

/* What can be known of a bare word without QEMU: the flags that change what
 * this program does. */
static int take_bare(struct disk_spec *disk, const struct word *word,
		     struct err *err)
{
	if (str_eq(word->text, "floppy"))
		return err_set(err, -EINVAL,
			       "'floppy' is not supported; pass QEMU's own "
			       "-drive if=floppy after --");
	strv_add(&disk->bare, word->text);
	return 0;
}

static int take_word(struct disk_spec *disk, const struct word *word,
		     struct err *err)
{
	const struct disk_key *key = find_key(word->key);

	if (is_bare(word))
		return take_bare(disk, word, err);
	if (*word->key == '\0')
		return err_set(err, -EINVAL, "'%s' has no key before its '='",
			       word->text);
	return key ? key->set(disk, word->value, err) : 0;
}

/*
 * The bare words that are this program's flags. Alone, a word is a path: the
 * last one that is left of several stays.
 */
static int take_flags(struct disk_spec *disk, struct err *err)
{
	static const struct {
		const char *name;
		set_fn *set;
	} flags[] = {
		{ "grow", set_grow },
		{ "ephemeral", set_ephemeral },
		{ "ro", set_ro },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(flags); i++) {
		if (!strv_has(&disk->bare, flags[i].name) ||
		    (!disk->file && disk->bare.count == 1))
			continue;
		strv_remove(&disk->bare, flags[i].name);
		r = flags[i].set(disk, "on", err);
	}
	return r;
}

static int check_image(const struct disk_spec *disk, struct err *err)
{
	if (disk->grows && disk->size == 0)
		return err_set(err, -EINVAL,
			       "grow=on needs a size, such as size=10G");
	if (disk->base && disk->format && !str_eq(disk->format, "qcow2"))
		return err_set(err, -EINVAL,
			       "base= is for overlays, which are qcow2; "
			       "format=%s is not",
			       disk->format);
	if (disk->is_cdrom && (disk->size || disk->base))
		return err_set(err, -EINVAL,
			       "media=cdrom excludes size= and base=: a CD is "
			       "not made here");
	return 0;
}

static int check(const struct disk_spec *disk, struct err *err)
{
	if (!disk->file && disk->bare.count == 0)
		return err_set(err, -EINVAL,
			       "no file is named; write PATH or file=PATH%s",
			       disk->words.count == 1
				       ? " (file=PATH also where the path "
					 "itself holds a '=')"
				       : "");
	if ((disk->bus || disk->unit) && disk->index)
		return err_set(err, -EINVAL,
			       "index= and bus=/unit= exclude each other");
	return check_image(disk, err);
}

int disk_spec_parse(const char *arg, struct disk_spec *ret, struct err *err)
{
	struct disk_spec disk = { .option = "--disk", .arg = xstrdup(arg) };
	int r = words_parse(arg, &disk.words, err);

	for (size_t i = 0; r == 0 && i < disk.words.count; i++) {
		r = take_word(&disk, &disk.words.items[i], err);
		if (r < 0)
			err_prefix(err, "word %zu", i + 1);
	}
	if (r == 0)
		r = take_flags(&disk, err);
	if (r == 0)
		r = check(&disk, err);
	if (r < 0) {
		disk_spec_done(&disk);
		return r;
	}
	disk.is_readonly = disk.is_readonly || disk.is_cdrom || disk.is_ro;
	*ret = disk;
	return 0;
}

struct disk_spec disk_spec_of_cdrom(const char *path)
{
	return (struct disk_spec){
		.option = "--cdrom",
		.arg = xstrdup(path),
		.file = xstrdup(path),
		.interface = DISK_IF_CDROM,
		.is_cdrom = true,
		.is_readonly = true,
	};
}

void disk_spec_done(struct disk_spec *disk)
{
	free(disk->arg);
	free(disk->file);
	strv_done(&disk->bare);
	free(disk->driver);
	free(disk->id);
	free(disk->format);
	free(disk->base);
	free(disk->serial);
	free(disk->wwn);
	free(disk->bus);
	free(disk->unit);
	free(disk->index);
	words_done(&disk->words);
	*disk = (struct disk_spec){ 0 };
}
