/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "base/strbuf.h"

void scene_init(struct scene *scene)
{
	*scene = (struct scene){ .spec = RUN_SPEC_INIT };
	scene->facts.host_machine = xstrdup("x86_64");
	scene->facts.machine_id = xstrdup("0123456789abcdef0123456789abcdef");
	scene->facts.uid = 1000;
	scene->facts.random = 42;
	scene->facts.qemu.path = xstrdup("/usr/bin/qemu");
}

void scene_done(struct scene *scene)
{
	run_spec_done(&scene->spec);
	facts_done(&scene->facts);
	plan_done(&scene->plan);
}

void scene_disk(struct scene *scene, const char *arg)
{
	check_ok(arg, run_spec_add_disk(&scene->spec, arg, &scene->err),
		 &scene->err);
}

void scene_nic(struct scene *scene, const char *arg)
{
	check_ok(arg, run_spec_add_nic(&scene->spec, arg, &scene->err),
		 &scene->err);
}

void scene_qemu_arg(struct scene *scene, const char *arg)
{
	strv_add(&scene->spec.qemu_args, arg);
}

void scene_finish(struct scene *scene)
{
	check_ok("finish", run_spec_finish(&scene->spec, &scene->err),
		 &scene->err);
}

static struct file_facts *append_file(struct scene *scene,
				      const struct file_facts *file)
{
	struct facts *facts = &scene->facts;

	facts->files = xreallocarray(facts->files, facts->file_count + 1,
				     sizeof(*facts->files));
	facts->files[facts->file_count] = *file;
	return &facts->files[facts->file_count++];
}

struct file_facts *scene_file(struct scene *scene, const char *path)
{
	const struct file_facts file = {
		.path = xstrdup(path),
		.real_path = *path == '/' ? xstrdup(path)
					  : xasprintf("/data/%s", path),
		.kind = FILE_REGULAR,
		.can_write = true,
		.size = 1 << 20,
		.owner = 1000,
		.mode = 0644,
	};

	return append_file(scene, &file);
}

struct file_facts *scene_missing_file(struct scene *scene, const char *path)
{
	const struct file_facts file = { .path = xstrdup(path),
					 .kind = FILE_MISSING };

	return append_file(scene, &file);
}

struct bridge_facts *scene_bridge(struct scene *scene, const char *name)
{
	struct facts *facts = &scene->facts;

	facts->bridges = xreallocarray(facts->bridges, facts->bridge_count + 1,
				       sizeof(*facts->bridges));
	facts->bridges[facts->bridge_count] = (struct bridge_facts){
		.name = xstrdup(name),
		.exists = true,
		.is_bridge = true,
	};
	return &facts->bridges[facts->bridge_count++];
}

void scene_words(struct strv *v, const char *text)
{
	cleanup_free char *copy = xstrdup(text);
	char *save = NULL;

	for (char *word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		strv_add(v, word);
}

void scene_model(struct scene *scene, const char *asked, const char *name,
		 const char *properties)
{
	struct qemu_facts *qemu = &scene->facts.qemu;
	struct model_facts model = {
		.asked = xstrdup(asked),
		.name = name ? xstrdup(name) : NULL,
	};

	scene_words(&model.properties, properties);
	qemu->models = xreallocarray(qemu->models, qemu->model_count + 1,
				     sizeof(*qemu->models));
	qemu->models[qemu->model_count++] = model;
}

char *scene_command(const struct scene *scene)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < scene->plan.argv.count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "",
			    scene->plan.argv.items[i]);
	return strbuf_detach(&sb);
}

char *scene_notes(const struct scene *scene)
{
	struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < scene->plan.note_count; i++) {
		const struct plan_note *note = &scene->plan.notes[i];

		strbuf_addf(&sb, "%s%s%s", i ? "\n" : "",
			    note->level == NOTE_WARNING ? "warning: " : "",
			    note->text);
	}
	return strbuf_detach(&sb);
}
