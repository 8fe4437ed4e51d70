/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk.h"

#include <errno.h>

#include "base/words.h"
#include "plan/disk_image.h"
#include "plan/disk_path.h"
#include "plan/sides.h"

/* One disk on its way into the plan. */
struct disk_plan {
	const struct disk_spec *spec;
	size_t number;
	const char *driver; /* NULL: no device (pflash) */
	const struct model_facts *model_facts; /* NULL: QEMU was not asked */
	const char *path;
	const struct file_facts *file;
	enum disk_use use;
	struct disk_image image;
	int fd; /* that QEMU opens in the file's place; or -1 */
	char *id; /* owned */
	char *serial; /* owned; NULL: none */
	struct strbuf drive;
	struct strbuf device;
};

/* Asks QEMU's lists only where something is said that needs them, so that a
 * plain disk starts no QEMU but the guest's. */
static int find_model(struct disk_plan *disk, const struct facts *facts,
		      struct err *err)
{
	const char *asked = disk->driver ? disk->driver : "virtio-blk";

	if (!facts->qemu.failure && !facts_model(facts, asked))
		return 0;
	/* The default device of a program that says nothing of itself is
	 * needed only for words; then its lack is an error. */
	bool needs = disk->spec->driver || disk->spec->bare.count > 1;
	for (size_t i = 0; !needs && i < disk->spec->words.count; i++)
		needs = !disk_spec_takes(&disk->spec->words.items[i]);
	if (facts->qemu.failure && !needs)
		return 0;
	int r = sides_find_model(facts, asked, &disk->model_facts, err);
	if (r == 0 && !strv_has(&disk->model_facts->properties, "drive"))
		return err_set(err, -EINVAL,
			       "the device '%s' takes no drive: it is no disk",
			       asked);
	return r;
}

static int find_file(struct disk_plan *disk, const struct run_spec *spec,
		     const struct facts *facts, struct err *err)
{
	int r = disk_path_find(disk->spec, disk->model_facts, facts,
			       &disk->path, err);

	if (r < 0)
		return r;
	disk->use = disk_use_of(spec, disk->spec);
	disk->file = facts_file(facts, disk->path);
	if (!disk->file)
		return err_set(err, -ENOENT, "'%s' was not looked at",
			       disk->path);
	return disk_image_choose(spec, disk->spec, facts, disk->file,
				 &disk->image, err);
}

/* What the user gives, else the wwn, else the file's name. */
static void choose_serial(struct disk_plan *disk)
{
	const char *slash = strrchr(disk->path, '/');
	const char *serial = disk->spec->serial ? disk->spec->serial
			     : disk->spec->wwn	? disk->spec->wwn
			     : slash		? slash + 1
						: disk->path;

	/* Nobody looks for a CD by one. */
	if (disk->spec->interface == DISK_IF_CDROM)
		return;
	/* Devices that pass a host's disk through show that disk's own. */
	if (!disk->spec->serial && disk->model_facts &&
	    !strv_has(&disk->model_facts->properties, "serial"))
		return;
	if (*serial)
		disk->serial = xstrdup(serial);
}

/* How much of a serial number the guest gets to see; 0 where that is not
 * known. From the standards: ATA and NVMe have 20 bytes, so does the virtio
 * block device; QEMU's SCSI disks show 36. */
static size_t serial_limit(const char *device)
{
	static const struct {
		const char *prefix;
		size_t limit;
	} limits[] = {
		{ "virtio-blk", 20 }, { "ide-", 20 },	 { "nvme", 20 },
		{ "scsi-hd", 36 },    { "scsi-cd", 36 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (str_starts(device, limits[i].prefix))
			return limits[i].limit;
	return 0;
}

static void note_long_serial(struct plan *plan, const struct disk_plan *disk)
{
	if (!disk->driver || !disk->serial)
		return;
	size_t limit = serial_limit(disk->driver);
	if (limit == 0 || strlen(disk->serial) <= limit)
		return;
	plan_note(plan, NOTE_INFO,
		  "%s '%s': %s shows only %zu bytes of a serial; the guest "
		  "sees '%.*s' (serial= gives another)",
		  disk->spec->option, disk->spec->arg, disk->driver, limit,
		  (int)limit, disk->serial);
}

/*
 * QEMU takes what stands before a ':' for a protocol, unless a '/' comes
 * first. Then the driver is named, and the name is just a name.
 */
static void add_path(struct disk_plan *disk)
{
	const char *path = disk->path;
	bool is_device = disk->file->kind == FILE_BLOCK ||
			 disk->file->kind == FILE_CHAR;

	if (disk->fd >= 0) {
		strbuf_addf(&disk->drive, "file=/dev/fd/%d", disk->fd);
		return;
	}
	if (path[strcspn(path, ":/")] != ':') {
		strbuf_addstr(&disk->drive, "file=");
		words_escape(&disk->drive, path);
		return;
	}
	strbuf_addf(&disk->drive, "file.driver=%s",
		    is_device ? "host_device" : "file");
	words_add(&disk->drive, "file.filename", path);
}

static void add_position(struct disk_plan *disk)
{
	const struct disk_spec *spec = disk->spec;

	if (spec->bus || spec->unit) {
		if (spec->bus)
			words_add(&disk->drive, "bus", spec->bus);
		if (spec->unit)
			words_add(&disk->drive, "unit", spec->unit);
		else
			strbuf_addf(&disk->drive, ",unit=%zu", disk->number);
	} else if (spec->index) {
		words_add(&disk->drive, "index", spec->index);
	} else if (disk->driver) {
		strbuf_addf(&disk->drive, ",index=%zu", disk->number);
	}
}

static int refuse_word(const struct disk_plan *disk,
		       const struct qemu_facts *qemu, const char *key,
		       struct err *err)
{
	const struct model_facts *model = disk->driver ? disk->model_facts
						       : NULL;
	const char *near = sides_nearest_disk_key(model, qemu, key);

	return err_set(err, -EINVAL,
		       "neither %s nor QEMU's -drive knows '%s'%s%s%s",
		       model ? model->name : "the machine", key,
		       near ? "; did you mean '" : "", near ? near : "",
		       near ? "'?" : "");
}

/* file.locking= is the one word that the shell tool knew to drop where QEMU
 * is too old for it; _QEMU_SUPPORTS_FILE_LOCKING decides that still. An empty
 * wwn= is not given. What is thrown away needs no snapshot. */
static bool is_dropped(const struct run_spec *spec,
		       const struct disk_plan *disk, const struct word *word)
{
	if (disk->use == DISK_EPHEMERAL && str_eq(word->key, "snapshot"))
		return true;
	if (str_eq(word->key, "wwn") && word->value && *word->value == '\0')
		return true;
	return spec->supports_file_locking == 0 &&
	       str_eq(word->key, "file.locking");
}

static int place_word(struct disk_plan *disk, const struct facts *facts,
		      const struct word *word, struct err *err)
{
	/* QEMU's short form of a boolean is deprecated; say it in full. */
	const char *value = word->value ? word->value : "on";

	switch (sides_of_disk_key(disk->driver ? disk->model_facts : NULL,
				  &facts->qemu, word->key)) {
	case SIDE_DEVICE:
		words_add(&disk->device, word->key, value);
		return 0;
	case SIDE_BACKEND:
		words_add(&disk->drive, word->key, value);
		/* It is the image that is not to be locked. */
		if (disk->fd >= 0 && disk->image.base &&
		    str_eq(word->key, "file.locking"))
			words_add(&disk->drive, "backing.file.locking", value);
		return 0;
	case SIDE_UNKNOWN:
		break;
	}
	return refuse_word(disk, &facts->qemu, word->key, err);
}

static int place_words(struct disk_plan *disk, const struct run_spec *spec,
		       const struct facts *facts, struct err *err)
{
	const struct words *words = &disk->spec->words;
	bool has_path = disk->spec->file;

	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->items[i];
		bool is_bare = strv_has(&disk->spec->bare, word->text);

		if (is_bare && !has_path && str_eq(word->text, disk->path)) {
			has_path = true;
			continue;
		}
		if (!is_bare && disk_spec_takes(word))
			continue;
		if (is_dropped(spec, disk, word))
			continue;
		int r = place_word(disk, facts, word, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The s390x block device passes SCSI commands through unless told not to, in
 * the QEMUs that still have the property. */
static void add_machine_property(struct disk_plan *disk,
				 const struct machine *machine)
{
	const struct model_facts *model = disk->model_facts;

	if (!machine->blk_device || !model ||
	    !str_eq(model->name, machine->blk_device) ||
	    !strv_has(&model->properties, machine->blk_property))
		return;
	for (size_t i = 0; i < disk->spec->words.count; i++)
		if (str_eq(disk->spec->words.items[i].key,
			   machine->blk_property))
			return;
	words_add(&disk->device, machine->blk_property, "off");
}

static bool has_word(const struct disk_plan *disk, const char *key)
{
	for (size_t i = 0; i < disk->spec->words.count; i++) {
		const char *other = disk->spec->words.items[i].key;

		if (str_starts(other, key) &&
		    (other[strlen(key)] == '\0' || other[strlen(key)] == '.'))
			return true;
	}
	return false;
}

/* The words of -drive that follow from what xkvm's own words say. */
static void add_own_words(struct disk_plan *disk)
{
	if (disk->spec->is_ro && !has_word(disk, "readonly") &&
	    !has_word(disk, "read-only"))
		words_add(&disk->drive, "readonly", "on");
	if (disk->spec->interface == DISK_IF_CDROM)
		words_add(&disk->drive, "media", "cdrom");
	/* What does not outlive the guest need not outlive the host. */
	if (disk->use == DISK_EPHEMERAL && !has_word(disk, "cache"))
		words_add(&disk->drive, "cache", "unsafe");
}

/* Of a disk that the guest can write: the next start must know what it was. */
static void add_mark(struct plan *plan, const struct disk_plan *disk)
{
	bool is_file = disk->file->kind == FILE_REGULAR ||
		       disk->image.change == DISK_MADE;

	if (!is_file || disk->use != DISK_WRITTEN)
		return;
	if (str_eq(disk->image.format, "raw")) {
		if (!disk->file->was_raw)
			plan_add_file(plan, PLAN_FILE_MARK_RAW, disk->path,
				      NULL);
	} else if (disk->file->was_raw) {
		plan_add_file(plan, PLAN_FILE_UNMARK_RAW, disk->path, NULL);
	}
}

static int build(struct plan *plan, struct disk_plan *disk,
		 const struct run_spec *spec, const struct facts *facts,
		 const struct machine *machine, struct err *err)
{
	int r = find_model(disk, facts, err);

	if (r == 0)
		r = find_file(disk, spec, facts, err);
	if (r == 0)
		r = disk_image_add(plan, spec, facts, disk->file, &disk->image,
				   &disk->fd, err);
	if (r < 0)
		return r;
	disk->id = disk->spec->id ? xstrdup(disk->spec->id)
				  : run_spec_default_disk_id(disk->number);
	if (disk->driver)
		choose_serial(disk);
	else if (disk->spec->serial)
		return err_set(err, -EINVAL,
			       "serial= is for disks; if=pflash has none");
	add_path(disk);
	words_add(&disk->drive, "id", disk->id);
	words_add(&disk->drive, "if", disk->driver ? "none" : "pflash");
	words_add(&disk->drive, "format", disk->image.format);
	add_position(disk);
	add_own_words(disk);
	if (disk->driver) {
		strbuf_addstr(&disk->device, disk->driver);
		words_add(&disk->device, "drive", disk->id);
	}
	if (disk->serial)
		words_add(&disk->device, "serial", disk->serial);
	r = place_words(disk, spec, facts, err);
	if (r < 0)
		return r;
	add_machine_property(disk, machine);
	note_long_serial(plan, disk);
	add_mark(plan, disk);
	plan_add_arg(plan, "-drive", strbuf_detach(&disk->drive));
	if (disk->driver)
		plan_add_arg(plan, "-device", strbuf_detach(&disk->device));
	return 0;
}

int disk_add_all(struct plan *plan, const struct run_spec *spec,
		 const struct facts *facts, const struct machine *machine,
		 struct err *err)
{
	for (size_t i = 0; i < spec->disk_count; i++) {
		struct disk_plan disk = {
			.spec = &spec->disks[i],
			.number = i,
			.driver = machine_disk_driver(spec, &spec->disks[i],
						      machine),
		};
		int r = build(plan, &disk, spec, facts, machine, err);

		cleanup_free_p(&disk.id);
		cleanup_free_p(&disk.serial);
		strbuf_done(&disk.drive);
		strbuf_done(&disk.device);
		if (r < 0)
			return err_prefix(err, "%s '%s'", spec->disks[i].option,
					  spec->disks[i].arg);
	}
	return 0;
}

const char *disk_first_writable(const struct run_spec *spec,
				const struct facts *facts)
{
	for (size_t i = 0; i < spec->disk_count; i++) {
		const struct disk_spec *disk = &spec->disks[i];
		const struct file_facts *file = disk_path_facts(disk, facts);

		if (!file || disk_use_of(spec, disk) != DISK_WRITTEN)
			continue;
		if (file->real_path)
			return file->real_path;
		if (file->future_path)
			return file->future_path;
	}
	return NULL;
}
