/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/firmware_descriptor.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json.h"

static const char *const MAPPING_NAMES[] = {
	[FIRMWARE_SPLIT] = "flash",
	[FIRMWARE_COMBINED] = "flash, combined",
	[FIRMWARE_STATELESS] = "flash, stateless",
	[FIRMWARE_MEMORY] = "memory",
	[FIRMWARE_KERNEL] = "kernel",
};

void firmware_done(struct firmware *firmware)
{
	for (size_t i = 0; i < firmware->target_count; i++) {
		free(firmware->targets[i].arch);
		strv_done(&firmware->targets[i].machines);
	}
	free(firmware->targets);
	free(firmware->source);
	free(firmware->description);
	free(firmware->code);
	free(firmware->code_format);
	free(firmware->vars);
	free(firmware->vars_format);
	strv_done(&firmware->interfaces);
	strv_done(&firmware->features);
	*firmware = (struct firmware){ 0 };
}

struct firmware_target *firmware_add_target(struct firmware *firmware,
					    const char *arch)
{
	firmware->targets = xreallocarray(firmware->targets,
					  firmware->target_count + 1,
					  sizeof(*firmware->targets));
	struct firmware_target *target =
		&firmware->targets[firmware->target_count++];
	*target = (struct firmware_target){ .arch = xstrdup(arch) };
	return target;
}

const char *firmware_template(const struct firmware *firmware)
{
	return firmware->mapping == FIRMWARE_COMBINED ? firmware->code
						      : firmware->vars;
}

const char *firmware_template_format(const struct firmware *firmware)
{
	return firmware->mapping == FIRMWARE_COMBINED ? firmware->code_format
						      : firmware->vars_format;
}

const char *firmware_mapping_name(enum firmware_mapping mapping)
{
	return MAPPING_NAMES[mapping];
}

/* A list of strings, of which there must be one. */
static int read_texts(const json_t *object, const char *key, struct strv *ret,
		      struct err *err)
{
	const json_t *array = json_object_get(object, key);

	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));

		if (!text)
			return err_set(err, -EPROTO,
				       "\"%s\" is no list of strings", key);
		strv_add(ret, text);
	}
	if (ret->count == 0)
		return err_set(err, -EPROTO, "\"%s\" is missing or empty", key);
	return 0;
}

static int read_target(const json_t *json, struct firmware *firmware,
		       struct err *err)
{
	const char *arch = json_member_text(json, "architecture");

	if (!arch)
		return err_set(err, -EPROTO,
			       "a target has no \"architecture\"");
	struct firmware_target *target = firmware_add_target(firmware, arch);
	return read_texts(json, "machines", &target->machines, err);
}

static int read_targets(const json_t *root, struct firmware *firmware,
			struct err *err)
{
	const json_t *array = json_object_get(root, "targets");
	int r = 0;

	if (json_array_size(array) == 0)
		return err_set(err, -EPROTO, "\"targets\" is missing or empty");
	for (size_t i = 0; r == 0 && i < json_array_size(array); i++)
		r = read_target(json_array_get(array, i), firmware, err);
	return r;
}

/* QEMU opens it by this name, so it must be one on every host. */
static int read_path(const json_t *object, char **ret, struct err *err)
{
	const char *path = json_member_text(object, "filename");

	if (!path || *path != '/')
		return err_set(err, -EPROTO,
			       "a \"filename\" is missing or not absolute");
	*ret = xstrdup(path);
	return 0;
}

static int read_flash_file(const json_t *mapping, const char *key,
			   char **ret_path, char **ret_format, struct err *err)
{
	const json_t *object = json_object_get(mapping, key);
	const char *format = json_member_text(object, "format");

	if (!object)
		return err_set(err, -EPROTO, "the mapping has no \"%s\"", key);
	int r = read_path(object, ret_path, err);
	if (r < 0)
		return r;
	if (!format || !(str_eq(format, "raw") || str_eq(format, "qcow2")))
		return err_set(err, -EPROTO,
			       "the format of \"%s\" is neither raw nor qcow2",
			       key);
	*ret_format = xstrdup(format);
	return 0;
}

static int read_flash(const json_t *mapping, struct firmware *firmware,
		      struct err *err)
{
	const char *mode = json_member_text(mapping, "mode");
	int r = read_flash_file(mapping, "executable", &firmware->code,
				&firmware->code_format, err);

	if (r < 0)
		return r;
	if (mode && str_eq(mode, "combined"))
		firmware->mapping = FIRMWARE_COMBINED;
	else if (mode && str_eq(mode, "stateless"))
		firmware->mapping = FIRMWARE_STATELESS;
	else if (mode && !str_eq(mode, "split"))
		return err_set(err, -EPROTO, "unknown flash mode '%s'", mode);
	else
		r = read_flash_file(mapping, "nvram-template", &firmware->vars,
				    &firmware->vars_format, err);
	return r;
}

static int read_mapping(const json_t *root, struct firmware *firmware,
			struct err *err)
{
	const json_t *mapping = json_object_get(root, "mapping");
	const char *device = json_member_text(mapping, "device");

	if (!device)
		return err_set(err, -EPROTO, "it has no mapping");
	if (str_eq(device, "flash"))
		return read_flash(mapping, firmware, err);
	if (str_eq(device, "memory"))
		firmware->mapping = FIRMWARE_MEMORY;
	else if (str_eq(device, "kernel"))
		firmware->mapping = FIRMWARE_KERNEL;
	else
		return err_set(err, -EPROTO, "unknown device '%s'", device);
	firmware->code_format = xstrdup("raw");
	return read_path(mapping, &firmware->code, err);
}

static void read_features(const json_t *root, struct firmware *firmware)
{
	const json_t *array = json_object_get(root, "features");

	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));

		if (text)
			strv_add_unique(&firmware->features, text);
	}
}

int firmware_parse(const char *source, const char *text, struct firmware *ret,
		   struct err *err)
{
	cleanup_firmware struct firmware firmware = { 0 };
	json_error_t error;
	cleanup_json json_t *root = json_loadb(text, strlen(text), 0, &error);

	if (!root)
		return err_set(err, -EPROTO, "line %d is not JSON: %s",
			       error.line, error.text);
	const char *description = json_member_text(root, "description");
	firmware.source = xstrdup(source);
	firmware.description = xstrdup(description ? description : "");
	int r = read_texts(root, "interface-types", &firmware.interfaces, err);
	if (r == 0)
		r = read_mapping(root, &firmware, err);
	if (r == 0)
		r = read_targets(root, &firmware, err);
	if (r < 0)
		return r;
	read_features(root, &firmware);
	*ret = firmware;
	firmware = (struct firmware){ 0 };
	return 0;
}
