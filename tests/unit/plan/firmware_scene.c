/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_scene.h"

#include <errno.h>

#include "base/strbuf.h"
#include "plan/firmware.h"

void scene_descriptor_text(struct scene *scene, const char *path,
			   const char *text)
{
	struct facts *facts = &scene->facts;

	facts->descriptors = xreallocarray(facts->descriptors,
					   facts->descriptor_count + 1,
					   sizeof(*facts->descriptors));
	facts->descriptors[facts->descriptor_count++] =
		(struct descriptor_facts){
			.path = xstrdup(path),
			.text = text ? xstrdup(text) : NULL,
			.error = text ? 0 : EACCES,
		};
}

void scene_descriptor(struct scene *scene, const char *path, const char *arch,
		      const char *code)
{
	cleanup_free char *text = xasprintf(
		"{\"interface-types\": [\"uefi\"], "
		"\"mapping\": {\"device\": \"memory\", \"filename\": \"%s\"}, "
		"\"targets\": [{\"architecture\": \"%s\", "
		"\"machines\": [\"*\"]}]}",
		code, arch);

	scene_descriptor_text(scene, path, text);
}

/* The words of `text` as the elements of a JSON array. */
static char *elements(const char *text)
{
	cleanup_strv struct strv words = STRV_INIT;
	struct strbuf sb = STRBUF_INIT;

	scene_words(&words, text);
	for (size_t i = 0; i < words.count; i++)
		strbuf_addf(&sb, "%s\"%s\"", i ? ", " : "", words.items[i]);
	return strbuf_detach(&sb);
}

static void add_file(struct scene *scene, const char *path, uint64_t size)
{
	if (facts_file(&scene->facts, path))
		return;
	struct file_facts *file = scene_file(scene, path);
	file->size = size;
	file->virtual_size = size;
}

void scene_firmware(struct scene *scene, const char *path, const char *arch,
		    const char *machines, const char *code, const char *vars,
		    const char *features)
{
	cleanup_free char *machine_list = elements(machines);
	cleanup_free char *feature_list = elements(features);
	cleanup_free char *text = xasprintf(
		"{\"interface-types\": [\"uefi\"], "
		"\"mapping\": {\"device\": \"flash\", "
		"\"executable\": {\"filename\": \"%s\", \"format\": \"raw\"}, "
		"\"nvram-template\": {\"filename\": \"%s\", "
		"\"format\": \"raw\"}}, "
		"\"targets\": [{\"architecture\": \"%s\", "
		"\"machines\": [%s]}], \"features\": [%s]}",
		code, vars, arch, machine_list, feature_list);

	add_file(scene, code, CODE_SIZE);
	add_file(scene, vars, VARS_SIZE);
	scene_descriptor_text(scene, path, text);
}

void firmware_want_nvram(struct scene *s, const char *path)
{
	s->spec.is_uefi = true;
	str_replace(&s->spec.nvram, path);
}

static int add(struct scene *s, const char *arch)
{
	const struct machine machine = machine_of(arch);

	return firmware_add(&s->plan, &s->spec, &s->facts, &machine, &s->err);
}

void firmware_check_command(struct scene *s, const char *arch, const char *want)
{
	check_ok(want, add(s, arch), &s->err);
	cleanup_free char *command = scene_command(s);
	check_text(arch, command, want);
}

void firmware_check_refused(struct scene *s, const char *arch, int code,
			    const char *message)
{
	check_error(arch, add(s, arch), &s->err, code, message);
	scene_done(s);
}
