/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm cache: what is remembered of QEMU programs and of kernels. */
#include <errno.h>
#include <inttypes.h>
#include <sys/utsname.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "cmd/command.h"
#include "host/program.h"
#include "host/qemu_answers.h"
#include "plan/machine.h"
#include "run/cache_store.h"
#include "run/kernel_cache.h"

enum request {
	REQUEST_SHOW,
	REQUEST_SHOW_JSON,
	REQUEST_FILL,
	REQUEST_CLEAR,
};

static int set_request(void *context, enum request request, struct err *err)
{
	enum request *current = context;

	if (*current != REQUEST_SHOW && *current != request)
		return err_set(err, -EINVAL,
			       "--clear, --fill and --json exclude each other");
	*current = request;
	return 0;
}

static int on_fill(void *context, const char *value, struct err *err)
{
	(void)value;
	return set_request(context, REQUEST_FILL, err);
}

static int on_clear(void *context, const char *value, struct err *err)
{
	(void)value;
	return set_request(context, REQUEST_CLEAR, err);
}

static int on_json(void *context, const char *value, struct err *err)
{
	(void)value;
	return set_request(context, REQUEST_SHOW_JSON, err);
}

static const struct option_def DEFS[] = {
	{ .name = "fill",
	  .help = "ask each PROGRAM all that a run may need to know",
	  .apply = on_fill },
	{ .name = "clear", .help = "forget everything", .apply = on_clear },
	{ .name = "json",
	  .help = "show what is remembered as JSON",
	  .apply = on_json },
	OPTION_HELP,
};
static const struct option_table OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

/* The first item of a list; "" where there is none. */
static const char *first_item(const struct lists *lists, const char *name)
{
	struct list list;

	return lists_find(lists, name, &list) && list.count > 0
		       ? list_item(&list, 0)
		       : "";
}

static const char *state_of(const struct qemu_cache_entry *entry)
{
	return !entry->is_valid	 ? "damaged"
	       : entry->is_fresh ? "valid"
				 : "stale";
}

/* What is damaged is known by its file only. */
static void add_entry_text(struct strbuf *sb, const struct qemu_cache_entry *e)
{
	const char *version = first_item(&e->lists, CACHE_VERSION);

	strbuf_addf(sb, "%s: %s, ",
		    e->is_valid ? first_item(&e->lists, CACHE_PROGRAM)
				: e->file,
		    state_of(e));
	if (*version)
		strbuf_addf(sb, "version %s, ", version);
	strbuf_addf(sb, "%zu devices, %" PRIu64 " bytes\n",
		    qemu_answers_count_devices(&e->lists), e->size);
}

static const char *kernel_state_of(const struct kernel_cache_entry *entry)
{
	return !entry->path ? "damaged" : entry->is_fresh ? "valid" : "stale";
}

static void add_kernel_text(struct strbuf *sb,
			    const struct kernel_cache_entry *e)
{
	strbuf_addf(sb, "%s: %s, %s, %" PRIu64 " bytes\n",
		    e->path ? e->path : e->file, kernel_state_of(e),
		    e->unpacked || !e->path ? "unpacked kernel"
					    : "kernel not worth unpacking",
		    e->size);
}

/* All there is in a folder. */
struct shown {
	const char *folder;
	struct qemu_cache_entry *programs; /* owned */
	size_t program_count;
	struct kernel_cache_entry *kernels; /* owned */
	size_t kernel_count;
};

static int show_text(const struct shown *shown)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%s:%s\n", shown->folder,
		    shown->program_count || shown->kernel_count ? ""
								: " empty");
	for (size_t i = 0; i < shown->program_count; i++)
		add_entry_text(&sb, &shown->programs[i]);
	for (size_t i = 0; i < shown->kernel_count; i++)
		add_kernel_text(&sb, &shown->kernels[i]);
	return command_print(strbuf_str(&sb));
}

static json_t *list_json(const struct lists *lists, const char *name)
{
	cleanup_strv struct strv items = STRV_INIT;
	struct list list;

	if (!lists_find(lists, name, &list))
		return json_null();
	list_copy(&list, &items);
	return json_text_array(&items);
}

static json_t *entry_json(const struct qemu_cache_entry *e)
{
	const char *program = first_item(&e->lists, CACHE_PROGRAM);
	const char *version = first_item(&e->lists, CACHE_VERSION);
	json_t *object = json_object();

	json_object_set_new(object, "file", json_text(e->file));
	json_object_set_new(object, "size", json_integer((json_int_t)e->size));
	json_object_set_new(object, "state", json_string(state_of(e)));
	json_object_set_new(object, "program",
			    json_text(*program ? program : NULL));
	json_object_set_new(object, "version",
			    json_text(*version ? version : NULL));
	json_object_set_new(object, "devices",
			    json_integer((json_int_t)qemu_answers_count_devices(
				    &e->lists)));
	json_object_set_new(object, "machines",
			    list_json(&e->lists, ANSWERS_MACHINES));
	json_object_set_new(object, "accelerators",
			    list_json(&e->lists, ANSWERS_ACCELS));
	return object;
}

static json_t *kernel_json(const struct kernel_cache_entry *e)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", json_text(e->file));
	json_object_set_new(object, "size", json_integer((json_int_t)e->size));
	json_object_set_new(object, "state", json_string(kernel_state_of(e)));
	json_object_set_new(object, "kernel", json_text(e->path));
	json_object_set_new(object, "unpacked",
			    e->path ? json_integer((json_int_t)e->unpacked)
				    : json_null());
	return object;
}

static int show_json(const struct shown *shown)
{
	cleanup_json json_t *object = json_object();
	json_t *programs = json_array(), *kernels = json_array();

	for (size_t i = 0; i < shown->program_count; i++)
		json_array_append_new(programs,
				      entry_json(&shown->programs[i]));
	for (size_t i = 0; i < shown->kernel_count; i++)
		json_array_append_new(kernels, kernel_json(&shown->kernels[i]));
	json_object_set_new(object, "folder", json_text(shown->folder));
	json_object_set_new(object, "programs", programs);
	json_object_set_new(object, "kernels", kernels);
	cleanup_free char *dump = json_dumps(object, JSON_INDENT(2));
	cleanup_free char *text = xasprintf("%s\n", dump);
	return command_print(text);
}

static int show(const char *folder, bool is_json)
{
	cleanup_free char *kernels = kernel_cache_folder(folder);
	struct shown shown = { .folder = folder };
	struct utsname uts;

	uname(&uts);
	shown.programs =
		qemu_cache_entries(folder, uts.machine, &shown.program_count);
	shown.kernels = kernel_cache_entries(kernels, &shown.kernel_count);
	int status = is_json ? show_json(&shown) : show_text(&shown);
	qemu_cache_entries_free(shown.programs, shown.program_count);
	kernel_cache_entries_free(shown.kernels, shown.kernel_count);
	return status;
}

/* Asks the program anew, whatever is known of it. */
static int ask_all(const char *path, const char *machine,
		   struct qemu_cache *cache, struct err *err)
{
	struct qemu_answers answers;

	qemu_cache_open(cache, path, machine);
	if (!qemu_cache_may_keep(cache))
		return err_set(err, -EINVAL,
			       "it is a script, which may start another QEMU "
			       "at any time; name the program that it starts");
	cache->known = (struct lists){ 0 };
	qemu_answers_begin(&answers, path, cache);
	int r = qemu_answers_learn_all(&answers, err);
	qemu_answers_end(&answers);
	return r;
}

static int fill(const char *program, const char *machine, struct err *err)
{
	cleanup(qemu_cache_done) struct qemu_cache cache = QEMU_CACHE_INIT;
	cleanup_free char *path = program_find(program);

	if (!path)
		return err_set(err, -ENOENT,
			       "'%s': no such program; name one in PATH or "
			       "give its path",
			       program);
	int r = ask_all(path, machine, &cache, err);
	if (r == 0)
		r = cache_store(&cache, err);
	return r < 0 ? err_prefix(err, "'%s'", program) : 0;
}

static int fill_all(struct strv *programs, struct err *err)
{
	const struct run_spec spec = RUN_SPEC_INIT;
	struct utsname uts;
	int r = 0;

	uname(&uts);
	if (programs->count == 0)
		strv_take(programs, machine_program(&spec, uts.machine));
	for (size_t i = 0; r == 0 && i < programs->count; i++)
		r = fill(programs->items[i], uts.machine, err);
	return r;
}

static int check_programs(enum request request, const struct strv *programs,
			  struct err *err)
{
	if (request == REQUEST_FILL || programs->count == 0)
		return 0;
	return err_set(err, -EINVAL,
		       "cache '%s': programs are for --fill alone",
		       programs->items[0]);
}

static int cache(int argc, char **argv)
{
	cleanup_strv struct strv programs = STRV_INIT;
	enum request request = REQUEST_SHOW;
	size_t ignored;
	struct err err;
	int r = option_parse(&OPTIONS, argc, argv, &request, &programs, &err);

	if (r == OPTION_HELP_ASKED)
		return command_print_help(&COMMAND_CACHE);
	if (r == 0)
		r = check_programs(request, &programs, &err);
	cleanup_free char *folder = qemu_cache_folder();
	if (r == 0 && !folder)
		r = err_set(&err, -ENOENT,
			    "nothing is remembered: neither XDG_CACHE_HOME nor "
			    "HOME has an absolute path");
	if (r == 0 && request == REQUEST_FILL)
		r = fill_all(&programs, &err);
	else if (r == 0 && request == REQUEST_CLEAR)
		r = cache_clear(folder, &ignored, &err);
	else if (r == 0)
		return show(folder, request == REQUEST_SHOW_JSON);
	return r < 0 ? command_fail(&err) : 0;
}

const struct command COMMAND_CACHE = {
	.name = "cache",
	.usage = "[--clear|--json|--fill [PROGRAM]...]",
	.summary =
		"Shows what is remembered: the answers of QEMU programs, and "
		"unpacked kernels.",
	.options = &OPTIONS,
	.details = "Without a PROGRAM --fill asks the QEMU of this host's "
		   "architecture.\n",
	.run = cache,
};
