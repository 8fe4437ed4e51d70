/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_choice.h"

#include <errno.h>
#include <stdlib.h>

#include "plan/firmware_fit.h"
#include "plan/firmware_places.h"
#include "spec/arch.h"

/* What a candidate is held against. */
struct search {
	const struct run_spec *spec;
	const struct facts *facts;
	const char *arch;
	const char *type; /* of the machine; NULL: any */
	const struct file_facts *store;
	const char *template; /* that the store is known to be made from */
	bool may_need_smm;
};

/* Each check gives what speaks against the firmware, owned by the caller, or
 * NULL. */
typedef char *firmware_check(const struct firmware *firmware,
			     const struct search *search);

static bool has(const struct firmware *firmware, const char *feature)
{
	return strv_has(&firmware->features, feature);
}

static char *check_target(const struct firmware *firmware,
			  const struct search *search)
{
	if (!firmware_is_for(firmware, search->arch))
		return xasprintf("is for %s", firmware->targets[0].arch);
	/* Whoever names it means it, be it UEFI or not. */
	if (!search->spec->firmware.file &&
	    !strv_has(&firmware->interfaces, "uefi"))
		return xasprintf("is no UEFI, but %s",
				 firmware->interfaces.items[0]);
	return NULL;
}

static char *check_file(const struct search *search, const char *path,
			const char *format, bool is_flash)
{
	const struct file_facts *file = facts_file(search->facts, path);
	uint64_t flash =
		is_flash ? firmware_flash_size(search->arch, search->type) : 0;

	if (!file || file->kind == FILE_MISSING)
		return xasprintf("%s is missing", path);
	if (file->kind != FILE_REGULAR)
		return xasprintf("%s is not a regular file", path);
	if (file->error)
		return xasprintf("%s cannot be read: %s", path,
				 strerrordesc_np(file->error));
	bool is_qcow2 = str_eq(format, "qcow2");
	if (is_qcow2 && file->format != IMAGE_QCOW2)
		return xasprintf("%s is no qcow2 image", path);
	uint64_t size = firmware_file_size(file, format);
	/* A raw image that is too small is filled up. */
	if (flash && (size > flash || (is_qcow2 && size < flash)))
		return xasprintf("%s has %llu bytes, and the flash of %s %llu",
				 path, (unsigned long long)size, search->type,
				 (unsigned long long)flash);
	return NULL;
}

static char *check_files(const struct firmware *firmware,
			 const struct search *search)
{
	bool is_flash = firmware->mapping != FIRMWARE_MEMORY &&
			firmware->mapping != FIRMWARE_KERNEL;
	char *reason = check_file(search, firmware->code, firmware->code_format,
				  is_flash);

	if (!reason && firmware->vars)
		reason = check_file(search, firmware->vars,
				    firmware->vars_format, is_flash);
	return reason;
}

/* The option that takes the place of QEMU's -kernel, or NULL. */
static const char *given_kernel_option(const struct run_spec *spec)
{
	if (spec->kernel.file)
		return "--kernel";
	return spec->passthrough.has_kernel ? "-kernel" : NULL;
}

static char *check_mapping(const struct firmware *firmware,
			   const struct search *search)
{
	/* QEMU 10 can keep the variables itself (-device uefi-vars-x64). */
	if (has(firmware, "host-uefi-vars"))
		return xstrdup("leaves its variables to a device of QEMU's");
	const char *kernel_option = given_kernel_option(search->spec);
	if (firmware->mapping == FIRMWARE_KERNEL && kernel_option)
		return xasprintf("is started as a kernel, and %s is given",
				 kernel_option);
	/* A store that is there may go with an image that nothing is known
	 * of. */
	bool is_image = firmware->mapping == FIRMWARE_STATELESS &&
			search->spec->firmware.file && search->store;
	if (search->spec->nvram && !firmware_template(firmware) && !is_image)
		return xstrdup("has no template of variables to keep");
	return NULL;
}

static char *check_features(const struct firmware *firmware,
			    const struct search *search)
{
	const struct firmware_spec *asked = &search->spec->firmware;

	for (size_t i = 0; i < asked->wanted.count; i++)
		if (!has(firmware, asked->wanted.items[i]))
			return xasprintf("is without %s",
					 asked->wanted.items[i]);
	for (size_t i = 0; i < asked->unwanted.count; i++)
		if (has(firmware, asked->unwanted.items[i]))
			return xasprintf("has %s", asked->unwanted.items[i]);
	return NULL;
}

/* Secure Boot was asked for by the firmware's own name, by its features, or by
 * a store that has it. */
static bool may_be_enrolled(const struct firmware *firmware,
			    const struct search *search)
{
	const struct firmware_spec *asked = &search->spec->firmware;
	const char *template = firmware_template(firmware);

	return asked->file || strv_has(&asked->wanted, "secure-boot") ||
	       strv_has(&asked->wanted, "enrolled-keys") ||
	       (search->template && template &&
		str_eq(search->template, template));
}

static char *check_secure_boot(const struct firmware *firmware,
			       const struct search *search)
{
	bool is_enrolled = has(firmware, "enrolled-keys");

	switch (search->spec->firmware.secure_boot) {
	case SECURE_BOOT_YES:
		if (!has(firmware, "secure-boot"))
			return xstrdup("has no Secure Boot");
		return is_enrolled ? NULL
				   : xstrdup("has no keys for Secure Boot");
	case SECURE_BOOT_NO:
		return is_enrolled ? xstrdup("turns Secure Boot on") : NULL;
	case SECURE_BOOT_AUTO:
		break;
	}
	return is_enrolled && !may_be_enrolled(firmware, search)
		       ? xstrdup("turns Secure Boot on, which takes "
				 "--secure-boot yes")
		       : NULL;
}

static bool fits_machine(const struct firmware *firmware,
			 const struct search *search, const char *type)
{
	for (size_t i = 0; i < firmware->target_count; i++) {
		const struct firmware_target *target = &firmware->targets[i];

		for (size_t j = 0; str_eq(target->arch, search->arch) &&
				   j < target->machines.count;
		     j++)
			if (firmware_machine_matches(target->machines.items[j],
						     type))
				return true;
	}
	return false;
}

static char *check_machine(const struct firmware *firmware,
			   const struct search *search)
{
	if (!search->may_need_smm && has(firmware, "requires-smm"))
		return xstrdup("requires SMM, and others do not");
	if (!search->type || fits_machine(firmware, search, search->type))
		return NULL;
	/* The machine is ours to choose where it was not named. */
	if (search->may_need_smm && arch_is_pc(search->arch) &&
	    !firmware_machine_is_given(search->spec) &&
	    fits_machine(firmware, search, "q35"))
		return NULL;
	return xasprintf("is not for the machine %s", search->type);
}

/* A store goes with the template that it was made from; where that is not
 * known, with what has its size and format. */
static char *check_store(const struct firmware *firmware,
			 const struct search *search)
{
	const char *template = firmware_template(firmware);

	if (!search->store || !template)
		return NULL;
	if (search->template && !str_eq(search->template, template))
		return xasprintf("goes with %s, and the store with another",
				 template);
	const char *format = firmware_template_format(firmware);
	uint64_t flash = firmware_flash_size(search->arch, search->type);
	uint64_t size =
		firmware_file_size(facts_file(search->facts, template), format);
	bool is_qcow2 = search->store->format == IMAGE_QCOW2;

	/* Of a store that is known the header is its guest's. */
	if ((search->template || is_qcow2 == str_eq(format, "qcow2")) &&
	    firmware_file_size(search->store, format) == (flash ? flash : size))
		return NULL;
	return xasprintf("has variables of %llu bytes in format %s",
			 (unsigned long long)size, format);
}

static void judge(struct firmware_candidate *candidate,
		  const struct search *search)
{
	static const struct {
		firmware_check *check;
		enum firmware_rank rank;
	} checks[] = {
		{ check_target, FIRMWARE_FOREIGN },
		{ check_files, FIRMWARE_ABSENT },
		{ check_mapping, FIRMWARE_UNFIT },
		{ check_features, FIRMWARE_UNFIT },
		{ check_secure_boot, FIRMWARE_UNFIT },
		{ check_machine, FIRMWARE_UNFIT },
		{ check_store, FIRMWARE_UNPAIRED },
	};

	if (candidate->rank == FIRMWARE_UNKNOWN)
		return;
	str_replace(&candidate->reason, NULL);
	candidate->rank = FIRMWARE_FITS;
	for (size_t i = 0; !candidate->reason && i < ARRAY_SIZE(checks); i++) {
		candidate->reason =
			checks[i].check(&candidate->firmware, search);
		if (candidate->reason)
			candidate->rank = checks[i].rank;
	}
}

/* Judges all, and returns the first that fits. */
static const struct firmware *judge_all(struct firmware_list *list,
					const struct search *search)
{
	const struct firmware *first = NULL;

	for (size_t i = 0; i < list->count; i++) {
		judge(&list->items[i], search);
		if (!first && list->items[i].rank == FIRMWARE_FITS)
			first = &list->items[i].firmware;
	}
	return first;
}

/* The template that the store remembers, if it is still one: after an upgrade
 * that moved it, the store's size must do. */
static const char *known_template(const struct firmware_list *list,
				  const struct file_facts *store)
{
	for (size_t i = 0; store && store->nvram_template && i < list->count;
	     i++) {
		const char *template =
			firmware_template(&list->items[i].firmware);

		if (template && str_eq(template, store->nvram_template))
			return template;
	}
	return NULL;
}

void firmware_choose(const struct run_spec *spec, const struct facts *facts,
		     const struct machine *machine,
		     const struct file_facts *store,
		     struct firmware_choice *ret)
{
	struct firmware_choice choice = {
		.machine_type = firmware_machine_type(spec, machine),
	};

	firmware_list_make(spec, facts, machine->arch, &choice.list);
	struct search search = {
		.spec = spec,
		.facts = facts,
		.arch = machine->arch,
		.type = choice.machine_type,
		.store = store,
		.template = known_template(&choice.list, store),
	};
	choice.firmware = judge_all(&choice.list, &search);
	if (!choice.firmware) {
		search.may_need_smm = true;
		choice.firmware = judge_all(&choice.list, &search);
	}
	if (choice.firmware && arch_is_pc(machine->arch)) {
		choice.needs_smm = has(choice.firmware, "requires-smm");
		if (search.type &&
		    !fits_machine(choice.firmware, &search, search.type)) {
			str_replace(&choice.machine_type, "q35");
			choice.is_machine_changed = true;
		}
	}
	*ret = choice;
}

void firmware_choice_done(struct firmware_choice *choice)
{
	firmware_list_done(&choice->list);
	free(choice->machine_type);
	*choice = (struct firmware_choice){ 0 };
}

static const struct firmware_candidate *
best_of(const struct firmware_list *list)
{
	const struct firmware_candidate *best = NULL;

	for (size_t i = 0; i < list->count; i++)
		if (!best || list->items[i].rank > best->rank)
			best = &list->items[i];
	return best;
}

static int refuse_store(const struct firmware *nearest,
			const struct file_facts *store, const char *arch,
			struct err *err)
{
	if (store->nvram_template &&
	    !str_eq(store->nvram_template, firmware_template(nearest)))
		return err_set(err, -EINVAL,
			       "--uefi-nvram '%s' was made from '%s', which "
			       "goes with no firmware that was asked for; name "
			       "a file that does not exist to start with fresh "
			       "variables",
			       store->path, store->nvram_template);
	return err_set(err, -EINVAL,
		       "--uefi-nvram '%s': its %llu bytes fit none of "
		       "the UEFI firmware installed for %s; name a file "
		       "that does not exist to start with fresh "
		       "variables",
		       store->path, (unsigned long long)store->size, arch);
}

static int refuse_absent(const char *arch, struct err *err)
{
	const char *packages = firmware_packages(arch);

	if (!packages)
		return err_set(err, -ENOENT,
			       "no UEFI firmware is known for %s, which boots "
			       "without; another is given with --bios",
			       arch);
	return err_set(err, -ENOENT,
		       "no UEFI firmware for %s is installed; its package is "
		       "%s",
		       arch, packages);
}

int firmware_refuse(const struct firmware_choice *choice,
		    const struct run_spec *spec, const struct machine *machine,
		    const struct file_facts *store, struct err *err)
{
	const struct firmware_candidate *best = best_of(&choice->list);

	if (store && best && best->rank == FIRMWARE_UNPAIRED)
		return refuse_store(&best->firmware, store, machine->arch, err);
	if (best && spec->firmware.file)
		return err_set(err, -EINVAL, "--firmware '%s': %s",
			       spec->firmware.file, best->reason);
	if (!best || best->rank < FIRMWARE_UNFIT)
		return refuse_absent(machine->arch, err);
	const char *source = best->firmware.source;
	return err_set(err, -ENOENT,
		       "no UEFI firmware that was asked for is installed for "
		       "%s; the nearest is %s: %s ('xkvm firmware list' "
		       "shows all)",
		       machine->arch,
		       str_eq(source, FIRMWARE_PLACE) ? best->firmware.code
						      : source,
		       best->reason);
}
