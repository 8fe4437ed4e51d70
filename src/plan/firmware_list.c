/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_list.h"

#include <stdlib.h>

#include "plan/firmware_places.h"

void firmware_list_done(struct firmware_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		firmware_done(&list->items[i].firmware);
		free(list->items[i].reason);
	}
	free(list->items);
	*list = (struct firmware_list){ 0 };
}

bool firmware_is_for(const struct firmware *firmware, const char *arch)
{
	for (size_t i = 0; i < firmware->target_count; i++)
		if (str_eq(firmware->targets[i].arch, arch))
			return true;
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Makes room for one more at `place` and returns it, empty. */
static struct firmware_candidate *insert(struct firmware_list *list,
					 size_t place)
{
	list->items = xreallocarray(list->items, list->count + 1,
				    sizeof(*list->items));
	struct firmware_candidate *candidate = &list->items[place];
	memmove(candidate + 1, candidate,
		(list->count - place) * sizeof(*candidate));
	list->count++;
	*candidate = (struct firmware_candidate){ .rank = FIRMWARE_FITS };
	return candidate;
}

static struct firmware_candidate *append(struct firmware_list *list)
{
	return insert(list, list->count);
}

static void refuse(struct firmware_candidate *candidate, char *reason_owned)
{
	candidate->rank = FIRMWARE_UNKNOWN;
	candidate->reason = reason_owned;
}

/* Those with the same name stay in the order in which they come, from the
 * general to the specific. */
static size_t place_by_name(const struct firmware_list *list, const char *path)
{
	size_t place = list->count;

	while (place > 0 &&
	       strcmp(base_name(list->items[place - 1].firmware.source),
		      base_name(path)) > 0)
		place--;
	return place;
}

static void read_descriptor(struct firmware_candidate *candidate,
			    const struct descriptor_facts *descriptor)
{
	struct err err;

	if (descriptor->error)
		refuse(candidate,
		       xasprintf("cannot be read: %s",
				 strerrordesc_np(descriptor->error)));
	else if (descriptor->text[strspn(descriptor->text, " \t\r\n")] == '\0')
		refuse(candidate, xstrdup("is empty"));
	else if (firmware_parse(descriptor->path, descriptor->text,
				&candidate->firmware, &err) < 0)
		refuse(candidate, xstrdup(err.text));
	if (!candidate->firmware.source)
		candidate->firmware.source = xstrdup(descriptor->path);
}

/* The one of the same name that comes later, or NULL. */
static const char *hidden_by(const struct facts *facts, size_t i)
{
	const char *name = base_name(facts->descriptors[i].path);

	for (size_t j = facts->descriptor_count; j > i + 1; j--)
		if (str_eq(base_name(facts->descriptors[j - 1].path), name))
			return facts->descriptors[j - 1].path;
	return NULL;
}

static void add_descriptors(const struct facts *facts,
			    struct firmware_list *list)
{
	for (size_t i = 0; i < facts->descriptor_count; i++) {
		const struct descriptor_facts *d = &facts->descriptors[i];
		const char *other = hidden_by(facts, i);
		struct firmware_candidate *candidate =
			insert(list, place_by_name(list, d->path));

		read_descriptor(candidate, d);
		if (other && !candidate->reason)
			refuse(candidate, xasprintf("is hidden by %s", other));
	}
}

static bool has_code(const struct firmware_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *code = list->items[i].firmware.code;

		if (code && str_eq(code, path))
			return true;
	}
	return false;
}

static void add_places(struct firmware_list *list, const char *arch)
{
	size_t described = list->count;

	for (size_t i = 0; i < firmware_place_count(); i++) {
		const struct firmware_list descriptors = { list->items,
							   described };
		struct firmware firmware;

		firmware_place(i, &firmware);
		if (!firmware_is_for(&firmware, arch) ||
		    has_code(&descriptors, firmware.code))
			firmware_done(&firmware);
		else
			append(list)->firmware = firmware;
	}
}

static void keep_code(struct firmware_list *list, const char *path)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct firmware_candidate *candidate = &list->items[i];
		const char *code = candidate->firmware.code;

		if (candidate->rank != FIRMWARE_UNKNOWN && str_eq(code, path)) {
			list->items[kept++] = *candidate;
		} else {
			firmware_done(&candidate->firmware);
			free(candidate->reason);
		}
	}
	list->count = kept;
}

static void add_image(struct firmware_list *list, const char *path,
		      const char *arch)
{
	struct firmware *firmware = &append(list)->firmware;

	firmware->source = xstrdup("--firmware");
	firmware->description = xstrdup("");
	strv_add(&firmware->interfaces, "uefi");
	firmware->mapping = FIRMWARE_STATELESS;
	firmware->code = xstrdup(path);
	firmware->code_format = xstrdup("raw");
	strv_add(&firmware_add_target(firmware, arch)->machines, "*");
}

void firmware_list_make(const struct run_spec *spec, const struct facts *facts,
			const char *arch, struct firmware_list *ret)
{
	struct firmware_list list = { 0 };

	add_descriptors(facts, &list);
	if (!firmware_spec_has_descriptor(&spec->firmware)) {
		add_places(&list, arch);
		if (spec->firmware.file) {
			keep_code(&list, spec->firmware.file);
			if (list.count == 0)
				add_image(&list, spec->firmware.file, arch);
		}
	}
	*ret = list;
}
