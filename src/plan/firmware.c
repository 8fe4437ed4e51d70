/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware.h"

#include <errno.h>

#include "base/words.h"
#include "plan/disk_path.h"
#include "plan/disk_use.h"
#include "plan/firmware_fit.h"

/* Of the store that --uefi-nvram auto means. */
#define STORE_SUFFIX ".nvram"

/* --uefi, or the architecture boots no other way. A kernel given by -kernel
 * comes after the firmware, so it changes nothing here. */
static bool is_uefi(const struct run_spec *spec, const struct machine *machine)
{
	return spec->is_uefi || (machine->is_uefi_default && !spec->bios);
}

/* ---- questions ---- */

/* The first disk that the guest changes, or NULL. */
static const struct disk_spec *disk_with_store(const struct run_spec *spec)
{
	for (size_t i = 0; i < spec->disk_count; i++)
		if (!spec->disks[i].is_readonly &&
		    disk_use_of(spec, &spec->disks[i]) != DISK_EPHEMERAL)
			return &spec->disks[i];
	return NULL;
}

/* Which of several words is the disk's path, only the facts will tell. */
static void ask_for_stores(const struct disk_spec *disk, struct strv *files)
{
	if (disk->file) {
		strv_addf(files, "%s" STORE_SUFFIX, disk->file);
		return;
	}
	for (size_t i = 0; i < disk->bare.count; i++)
		strv_addf(files, "%s" STORE_SUFFIX, disk->bare.items[i]);
}

void firmware_questions(const struct run_spec *spec,
			const struct machine *machine, struct questions *q)
{
	const struct disk_spec *disk = disk_with_store(spec);

	if (spec->bios)
		strv_add_unique(&q->files, spec->bios);
	if (!is_uefi(spec, machine))
		return;
	if (firmware_spec_has_descriptor(&spec->firmware))
		q->descriptor = xstrdup(spec->firmware.file);
	else
		q->needs_descriptors = true;
	if (!spec->nvram)
		return;
	if (!str_eq(spec->nvram, NVRAM_AUTO))
		strv_add_unique(&q->files, spec->nvram);
	else if (disk)
		ask_for_stores(disk, &q->files);
}

void firmware_file_questions(const struct run_spec *spec,
			     const struct facts *facts,
			     const struct machine *machine, struct strv *files)
{
	struct firmware_list list;

	if (!is_uefi(spec, machine))
		return;
	firmware_list_make(spec, facts, machine->arch, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct firmware *firmware = &list.items[i].firmware;

		if (!firmware_is_for(firmware, machine->arch))
			continue;
		strv_add_unique(files, firmware->code);
		if (firmware->vars)
			strv_add_unique(files, firmware->vars);
	}
	firmware_list_done(&list);
}

/* ---- the store of variables ---- */

static int store_of_disk(const struct run_spec *spec, const struct facts *facts,
			 char **ret, struct err *err)
{
	const struct disk_spec *disk = disk_with_store(spec);
	const struct machine machine =
		machine_of(machine_guest_arch(spec, facts->host_machine));
	const char *path;

	if (!disk)
		return err_set(err, -EINVAL,
			       "--uefi-nvram auto needs a disk that the guest "
			       "can write, to keep the variables beside");
	const char *driver = machine_disk_driver(spec, disk, &machine);
	int r = disk_path_find(
		disk, facts_model(facts, driver ? driver : "virtio-blk"), facts,
		&path, err);
	if (r < 0)
		return err_prefix(err, "--disk '%s'", disk->arg);
	const struct file_facts *file = facts_file(facts, path);
	if (file && file->kind == FILE_BLOCK)
		return err_set(err, -EINVAL,
			       "--uefi-nvram auto: the disk '%s' is a device; "
			       "name the file for the variables",
			       path);
	*ret = xasprintf("%s" STORE_SUFFIX, path);
	return 0;
}

int firmware_store_path(const struct run_spec *spec, const struct facts *facts,
			char **ret, struct err *err)
{
	if (spec->nvram && str_eq(spec->nvram, NVRAM_AUTO))
		return store_of_disk(spec, facts, ret, err);
	*ret = spec->nvram ? xstrdup(spec->nvram) : NULL;
	return 0;
}

int firmware_store(const struct facts *facts, const char *path,
		   const struct file_facts **ret, struct err *err)
{
	const struct file_facts *store = path ? facts_file(facts, path) : NULL;

	if (!store || store->kind == FILE_MISSING) {
		*ret = NULL;
		return 0;
	}
	if (store->kind != FILE_REGULAR)
		return err_set(err, -EINVAL,
			       "--uefi-nvram '%s' is not a regular file", path);
	if (store->error)
		return err_set(err, -EINVAL,
			       "--uefi-nvram '%s' cannot be read: %s", path,
			       strerrordesc_np(store->error));
	*ret = store;
	return 0;
}

/* ---- drives ---- */

static void add_flash(struct plan *plan, const char *path, const char *format,
		      bool is_readonly)
{
	cleanup_strbuf struct strbuf drive = STRBUF_INIT;

	strbuf_addstr(&drive, "if=pflash");
	words_add(&drive, "format", format);
	words_add(&drive, "file", path);
	if (is_readonly)
		strbuf_addstr(&drive, ",readonly=on");
	plan_add_arg(plan, "-drive", strbuf_detach(&drive));
}

/* A copy without a name: nothing to remove, whoever dies first. QEMU opens it
 * anew, once to read and once to write, which a descriptor set would not
 * allow. */
static void add_private_flash(struct plan *plan, const char *source,
			      const char *format, uint64_t size,
			      bool is_readonly)
{
	struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_NVRAM);
	cleanup_free char *path = xasprintf("/dev/fd/%d", fd->number);

	fd->path = xstrdup(source);
	fd->size = size;
	add_flash(plan, path, format, is_readonly);
}

/* What a guest's firmware is put together from. */
struct assembly {
	struct plan *plan;
	const struct facts *facts;
	const struct firmware_choice *choice;
	uint64_t flash; /* the exact size of a flash device; or 0 */
	const char *store_path; /* of the variables that are kept; or NULL */
	const struct file_facts *store; /* NULL: it is yet to be made */
};

/* The size that a raw image is filled up to; 0: it has the right one. */
static uint64_t fill_size(const struct assembly *a, const char *path,
			  const char *format)
{
	const struct file_facts *file = facts_file(a->facts, path);

	return str_eq(format, "raw") && file->size < a->flash ? a->flash : 0;
}

static void add_code(const struct assembly *a)
{
	const struct firmware *firmware = a->choice->firmware;
	const char *format = firmware->code_format;
	uint64_t size = fill_size(a, firmware->code, format);

	if (size)
		add_private_flash(a->plan, firmware->code, format, size, true);
	else
		add_flash(a->plan, firmware->code, format, true);
}

/* QEMU locks no file of a flash drive, so that two guests would write to one
 * store. */
static void add_lock(struct plan *plan, const char *path, bool is_shared)
{
	struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_LOCK);

	fd->path = xstrdup(path);
	fd->is_shared = is_shared;
}

static void add_store(const struct assembly *a, const char *template,
		      const char *format)
{
	bool is_readonly = a->store && !a->store->can_write;

	if (!a->store)
		plan_add_file(a->plan, PLAN_FILE_CREATE_NVRAM, a->store_path,
			      template)
			->size = fill_size(a, template, format);
	if (is_readonly)
		plan_note(a->plan, NOTE_INFO,
			  "--uefi-nvram '%s' cannot be written; what the "
			  "guest changes in it is lost",
			  a->store_path);
	add_lock(a->plan, a->store_path, is_readonly);
	add_flash(a->plan, a->store_path, format, is_readonly);
}

static void add_variables(const struct assembly *a)
{
	const struct firmware *firmware = a->choice->firmware;
	const char *template = firmware_template(firmware);
	const char *format = firmware_template_format(firmware);

	if (a->store_path)
		add_store(a, template, format ? format : "raw");
	else if (template)
		add_private_flash(a->plan, template, format,
				  fill_size(a, template, format), false);
}

/* What firmware.json says that SMM takes: the machine's, and flash that only
 * code in SMM can write, for otherwise the guest's kernel could change the keys
 * of Secure Boot. */
static void add_smm(const struct assembly *a)
{
	const struct firmware_choice *choice = a->choice;

	if (!choice->needs_smm)
		return;
	if (choice->is_machine_changed) {
		plan_note(a->plan, NOTE_INFO,
			  "the machine is %s, because the firmware '%s' "
			  "requires SMM",
			  choice->machine_type, choice->firmware->code);
		plan_add_arg(a->plan, "-machine",
			     xasprintf("%s,smm=on", choice->machine_type));
	} else {
		plan_add_arg(a->plan, "-machine", xstrdup("smm=on"));
	}
	if (strv_has(&choice->firmware->features, "secure-boot"))
		plan_add_arg(a->plan, "-global",
			     xstrdup("driver=cfi.pflash01,property=secure,"
				     "value=on"));
}

static void assemble(const struct assembly *a)
{
	const struct firmware *firmware = a->choice->firmware;

	add_smm(a);
	switch (firmware->mapping) {
	case FIRMWARE_MEMORY:
		plan_add_arg(a->plan, "-bios", xstrdup(firmware->code));
		break;
	case FIRMWARE_KERNEL:
		plan_add_arg(a->plan, "-kernel", xstrdup(firmware->code));
		break;
	case FIRMWARE_SPLIT:
	case FIRMWARE_STATELESS:
		add_code(a);
		add_variables(a);
		break;
	case FIRMWARE_COMBINED:
		add_variables(a);
		break;
	}
}

/* ---- one or the other ---- */

static int add_bios(struct plan *plan, const struct run_spec *spec,
		    const struct facts *facts, const struct machine *machine,
		    struct err *err)
{
	const char *path = spec->bios;
	const struct file_facts *file = facts_file(facts, path);
	cleanup_free char *type = firmware_machine_type(spec, machine);
	uint64_t flash = firmware_flash_size(machine->arch, type);

	if (!file || file->kind == FILE_MISSING)
		return err_set(err, -EINVAL, "--bios '%s': no such file", path);
	if (file->kind != FILE_REGULAR)
		return err_set(err, -EINVAL,
			       "--bios '%s' is not a regular file", path);
	if (file->error)
		return err_set(err, -EINVAL, "--bios '%s' cannot be read: %s",
			       path, strerrordesc_np(file->error));
	int r = firmware_check_bios(file, machine->arch, type, err);
	if (r < 0)
		return r;
	if (machine->takes_bios)
		plan_add_arg(plan, "-bios", xstrdup(path));
	else if (file->size < flash)
		add_private_flash(plan, path, "raw", flash, true);
	else
		add_flash(plan, path, "raw", true);
	return 0;
}

static int add_uefi(struct plan *plan, const struct run_spec *spec,
		    const struct facts *facts, const struct machine *machine,
		    struct err *err)
{
	cleanup_free char *path = NULL;
	struct firmware_choice choice;
	const struct file_facts *store = NULL;
	int r = firmware_store_path(spec, facts, &path, err);

	if (r == 0)
		r = firmware_store(facts, path, &store, err);
	if (r < 0)
		return r;
	firmware_choose(spec, facts, machine, store, &choice);
	const struct assembly assembly = {
		.plan = plan,
		.facts = facts,
		.choice = &choice,
		.flash =
			firmware_flash_size(machine->arch, choice.machine_type),
		.store_path = path,
		.store = store,
	};
	if (choice.firmware)
		assemble(&assembly);
	else
		r = firmware_refuse(&choice, spec, machine, store, err);
	firmware_choice_done(&choice);
	return r;
}

int firmware_add(struct plan *plan, const struct run_spec *spec,
		 const struct facts *facts, const struct machine *machine,
		 struct err *err)
{
	if (spec->bios)
		return add_bios(plan, spec, facts, machine, err);
	if (is_uefi(spec, machine))
		return add_uefi(plan, spec, facts, machine, err);
	return 0;
}
