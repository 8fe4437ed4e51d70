/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/disk_image.h"

#include <errno.h>

#include "plan/disk_path.h"
#include "plan/image_lock.h"
#include "plan/image_size.h"
#include "spec/size.h"

/* Where temporary files that may be large belong (file-hierarchy(7)). */
#define TEMP_FOLDER "/var/tmp"

/* ---- files that are there ---- */

static bool can_grow(const char *format)
{
	return str_eq(format, "raw") || str_eq(format, "qcow2");
}

/* size= of a file that is there and is not to be replaced by an overlay. */
static int choose_growth(const struct run_spec *spec,
			 const struct disk_spec *disk,
			 const struct file_facts *file,
			 struct disk_image *image, struct err *err)
{
	uint64_t size;

	int r = image_size_find(file, image->format, &size, err);

	if (r < 0)
		return r;
	if (size > disk->size)
		image->larger = size;
	if (size >= disk->size)
		return 0;
	if (!disk->grows)
		return image_size_refuse(file, size, disk->size,
					 "grow=on makes it larger", err);
	if (disk_use_of(spec, disk) != DISK_WRITTEN)
		return image_size_refuse(
			file, size, disk->size,
			"a disk that is not written does not grow", err);
	if (!can_grow(image->format))
		return image_size_refuse(file, size, disk->size,
					 "only raw and qcow2 can grow", err);
	image->change = DISK_GROWN;
	image->size = disk->size;
	return 0;
}

/* ---- bases ---- */

/* Of the header, which nothing but the guest of a raw disk may have written. */
static int find_base_format(const struct file_facts *base, const char **ret,
			    struct err *err)
{
	const char *found = image_format_name(base->format);

	if (base->kind == FILE_REGULAR && base->was_raw &&
	    base->format != IMAGE_RAW)
		return err_set(err, -EINVAL,
			       "'%s' was used as a raw disk before and now has "
			       "a %s header, which its guest may have written; "
			       "use it with format=raw or format=%s first",
			       base->path, found, found);
	*ret = base->kind == FILE_REGULAR ? found : "raw";
	return 0;
}

/* Devices that hand the guest's commands on to the host's device. */
static bool passes_through(const struct disk_spec *disk)
{
	return disk->driver && (str_eq(disk->driver, "scsi-block") ||
				str_eq(disk->driver, "scsi-generic"));
}

static int check_can_be_base(const struct file_facts *file, struct err *err)
{
	if (file->kind == FILE_CHAR)
		return err_set(err, -EINVAL,
			       "'%s' is a character device; no overlay can be "
			       "on it",
			       file->path);
	/* The overlay names it by that. */
	if (!file->real_path)
		return err_set(err, -ENOENT, "'%s' has no absolute path",
			       file->path);
	return 0;
}

static int choose_base(const struct run_spec *spec,
		       const struct disk_spec *disk, const struct facts *facts,
		       struct disk_image *image, struct err *err)
{
	const struct file_facts *base =
		disk->base ? facts_file(facts, disk->base) : NULL;

	if (!disk->base)
		return 0;
	if (!base)
		return err_set(err, -ENOENT, "base '%s' was not looked at",
			       disk->base);
	int r = disk_path_check(base, true, err);
	if (r == 0)
		r = check_can_be_base(base, err);
	if (r == 0)
		r = find_base_format(base, &image->base_format, err);
	if (r == 0)
		r = image_lock_check(spec, disk, base, true, err);
	if (r < 0)
		return err_prefix(err, "base");
	image->base = base;
	return 0;
}

/* base= of an overlay that is there. */
static int check_backing(const struct file_facts *file,
			 const struct file_facts *base, struct err *err)
{
	if (!file->backing)
		return err_set(err, -EINVAL,
			       "'%s' is there and is no overlay; base= would "
			       "make it on '%s' if it were not",
			       file->path, base->path);
	if (!str_eq(file->backing, base->real_path))
		return err_set(
			err, -EINVAL,
			"'%s' is there and is an overlay on '%s', not on "
			"'%s'",
			file->path, file->backing, base->real_path);
	return 0;
}

/* ---- files that are missing ---- */

static int choose_format(const struct disk_spec *disk, const char *path,
			 const char **ret, struct err *err)
{
	const char *format = disk->format ? disk->format
			     : disk->base ? "qcow2"
					  : image_format_of_name(path);

	if (!image_format_can_be_made(format))
		return err_set(err, -EINVAL,
			       "no image of format=%s can be made; use raw, "
			       "qcow2, qcow, qed, vdi or vmdk",
			       format);
	*ret = format;
	return 0;
}

static int choose_new(const struct run_spec *spec, const struct disk_spec *disk,
		      const struct file_facts *file, struct disk_image *image,
		      struct err *err)
{
	enum disk_use use = disk_use_of(spec, disk);

	if (use == DISK_READ)
		return err_set(err, -EINVAL,
			       "'%s': no such file; none is made for a disk "
			       "that is only read",
			       file->path);
	int r = image->base ? image_size_check_overlay(image->base,
						       image->base_format,
						       disk->size, err)
			    : 0;
	if (r == 0)
		r = choose_format(disk, file->path, &image->format, err);
	if (r < 0)
		return r;
	image->size = disk->size;
	if (use == DISK_EPHEMERAL) {
		image->change = DISK_NAMELESS;
		/* What nobody sees again is what takes least to make. */
		image->format = image->base ? "qcow2" : "raw";
		return 0;
	}
	if (!file->future_path)
		return err_set(err, -EINVAL,
			       "'%s' cannot be made: its folder does not exist",
			       file->path);
	image->change = DISK_MADE;
	return 0;
}

/* ---- overlays that are thrown away ---- */

/* Each path to a disk would have an overlay of its own, and not see what is
 * written by the other. */
static int refuse_paths(const struct run_spec *spec,
			const struct disk_spec *disk, const struct facts *facts,
			const struct file_facts *file, struct err *err)
{
	if (!image_lock_is_off(disk))
		return 0;
	for (size_t i = 0; i < spec->disk_count; i++) {
		const struct disk_spec *other = &spec->disks[i];
		const struct file_facts *same = disk_path_facts(other, facts);

		if (other != disk && same && same->real_path &&
		    str_eq(same->real_path, file->real_path))
			return err_set(err, -EINVAL,
				       "'%s' is the disk of several paths, "
				       "which would have an overlay each; "
				       "ephemeral cannot be had (a copy can)",
				       file->path);
	}
	return 0;
}

static int choose_ephemeral(const struct run_spec *spec,
			    const struct disk_spec *disk,
			    const struct facts *facts,
			    const struct file_facts *file,
			    struct disk_image *image, struct err *err)
{
	int r = check_can_be_base(file, err);

	if (passes_through(disk))
		return err_set(err, -EINVAL,
			       "%s hands all commands on to '%s'; it cannot be "
			       "ephemeral",
			       disk->driver, file->path);
	if (r == 0)
		r = refuse_paths(spec, disk, facts, file, err);
	if (r == 0)
		r = image_size_check_overlay(file, image->format, disk->size,
					     err);
	if (r < 0)
		return r;
	image->change = DISK_NAMELESS;
	image->base = file;
	image->base_format = image->format;
	image->format = "qcow2";
	image->size = disk->size;
	return 0;
}

static int choose_old(const struct run_spec *spec, const struct disk_spec *disk,
		      const struct facts *facts, const struct file_facts *file,
		      struct disk_image *image, struct err *err)
{
	enum disk_use use = disk_use_of(spec, disk);
	int r = disk_path_check(file, use != DISK_WRITTEN, err);

	if (r == 0)
		r = disk_path_format(disk, file, &image->format, err);
	if (r == 0 && image->base)
		r = check_backing(file, image->base, err);
	image->base = NULL;
	if (r == 0)
		r = image_lock_check(spec, disk, file, false, err);
	if (r < 0)
		return r;
	if (use == DISK_EPHEMERAL)
		return choose_ephemeral(spec, disk, facts, file, image, err);
	return disk->size ? choose_growth(spec, disk, file, image, err) : 0;
}

int disk_image_choose(const struct run_spec *spec, const struct disk_spec *disk,
		      const struct facts *facts, const struct file_facts *file,
		      struct disk_image *ret, struct err *err)
{
	struct disk_image image = { .format = "raw" };
	int r = choose_base(spec, disk, facts, &image, err);

	if (r < 0)
		return r;
	if (file->kind == FILE_MISSING && disk_use_makes(disk))
		r = choose_new(spec, disk, file, &image, err);
	else
		r = choose_old(spec, disk, facts, file, &image, err);
	if (r == 0)
		*ret = image;
	return r;
}

/* ---- into the plan ---- */

/* xkvm makes raw files itself. */
static int need_qemu_img(struct plan *plan, const struct facts *facts,
			 const struct disk_image *image, struct err *err)
{
	if (str_eq(image->format, "raw"))
		return 0;
	if (!facts->qemu_img)
		return err_set(err, -ENOENT,
			       "it takes qemu-img, which is not installed; its "
			       "package is qemu-utils (Debian, Ubuntu), "
			       "qemu-img (Fedora, Arch) or qemu-tools (SUSE)");
	str_replace(&plan->qemu_img, facts->qemu_img);
	return 0;
}

static struct plan_image copy_image(const struct disk_image *image)
{
	const struct file_facts *base = image->base;

	return (struct plan_image){
		.format = xstrdup(image->format),
		.size = image->size,
		.base = base ? xstrdup(base->real_path) : NULL,
		.base_format = base ? xstrdup(image->base_format) : NULL,
	};
}

static void add_file(struct plan *plan, enum plan_file_kind kind,
		     const char *path, const struct disk_image *image)
{
	struct plan_file *file = plan_add_file(plan, kind, path, NULL);

	/* One image may be several disks. */
	if (!file->image.format)
		file->image = copy_image(image);
}

static int add_nameless(struct plan *plan, const struct run_spec *spec,
			const struct disk_image *image)
{
	struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_IMAGE);

	fd->path = xstrdup(spec->temp_folder ? spec->temp_folder : TEMP_FOLDER);
	fd->image = copy_image(image);
	return fd->number;
}

static void note_larger(struct plan *plan, const struct file_facts *file,
			const struct disk_image *image)
{
	cleanup_free char *size = size_text(image->larger);

	plan_note(plan, NOTE_INFO,
		  "'%s' has %s, which is more than its size=; it is left as "
		  "it is",
		  file->path, size);
}

int disk_image_add(struct plan *plan, const struct run_spec *spec,
		   const struct facts *facts, const struct file_facts *file,
		   const struct disk_image *image, int *ret_fd, struct err *err)
{
	int r = image->change == DISK_AS_IT_IS
			? 0
			: need_qemu_img(plan, facts, image, err);

	if (r < 0)
		return r;
	*ret_fd = -1;
	if (image->larger)
		note_larger(plan, file, image);
	switch (image->change) {
	case DISK_AS_IT_IS:
		break;
	case DISK_MADE:
		add_file(plan, PLAN_FILE_CREATE_IMAGE, file->path, image);
		break;
	case DISK_GROWN:
		add_file(plan, PLAN_FILE_GROW_IMAGE, file->path, image);
		break;
	case DISK_NAMELESS:
		*ret_fd = add_nameless(plan, spec, image);
		break;
	}
	return 0;
}
