/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_answers.h"

#include "base/json.h"
#include "host/qemu_schema.h"

/* The names of the lists. Those of a device's properties, and those that only
 * say that there is no such device, have its name after them. */
#define DEVICES "devices" /* names, and aliases after what they stand for */
#define ALIASES "aliases" /* alias, name, alias, name, ... */
#define COMMON "common" /* the devices whose properties may be asked for */
#define DRIVE "drive"
#define BLOCK "block"
#define USER "user"
#define TAP "tap"
#define DEVICE_PREFIX "device "
#define DEVICE DEVICE_PREFIX "%s"
#define MISSING "missing %s"

void qemu_answers_begin(struct qemu_answers *ret, const char *program,
			struct qemu_cache *cache)
{
	*ret = (struct qemu_answers){ .program = program, .cache = cache };
}

void qemu_answers_end(struct qemu_answers *answers)
{
	if (answers->is_started)
		qemu_session_end(&answers->session);
	answers->is_started = false;
}

/* Adds the list to *ret, which may be NULL. false: it is not known. */
static bool recall(const struct qemu_answers *answers, const char *name,
		   struct strv *ret)
{
	const struct strv *learned =
		list_set_find(&answers->cache->learned, name);
	struct list known;

	if (learned) {
		for (size_t i = 0; ret && i < learned->count; i++)
			strv_add(ret, learned->items[i]);
		return true;
	}
	if (!lists_find(&answers->cache->known, name, &known))
		return false;
	if (ret)
		list_copy(&known, ret);
	return true;
}

static struct strv *learn(struct qemu_answers *answers, const char *name)
{
	return list_set_put(&answers->cache->learned, name);
}

static int ask(struct qemu_answers *answers, const char *command,
	       json_t *arguments, json_t **ret, struct err *err)
{
	if (!answers->is_started) {
		int r = qemu_session_start(answers->program, &answers->session,
					   err);
		if (r < 0)
			return r;
		answers->is_started = true;
		strv_add(learn(answers, CACHE_VERSION),
			 answers->session.version);
	}
	return qemu_session_ask(&answers->session, command, arguments, ret,
				err);
}

/* The members "name" of an array's objects. */
static void add_names(const json_t *array, struct strv *to)
{
	size_t i;
	json_t *object;

	json_array_foreach (array, i, object) {
		const char *name = json_member_text(object, "name");

		if (name)
			strv_add(to, name);
	}
}

static int learn_properties(struct qemu_answers *answers, const char *device,
			    const char *list, struct err *err)
{
	cleanup_json json_t *arguments = json_pack("{s:s}", "typename", device);
	cleanup_json json_t *answer = NULL;

	/* A name that is no UTF-8 is none of QEMU's. */
	if (!arguments)
		return 0;
	int r = ask(answers, "device-list-properties", arguments, &answer, err);
	if (r == 0 && answer)
		add_names(answer, learn(answers, list));
	return r;
}

int qemu_answers_properties(struct qemu_answers *answers, const char *device,
			    struct strv *ret, bool *ret_exists, struct err *err)
{
	cleanup_free char *list = xasprintf(DEVICE, device);
	cleanup_free char *missing = xasprintf(MISSING, device);
	bool exists = recall(answers, list, ret);

	if (!exists && !recall(answers, missing, NULL)) {
		int r = learn_properties(answers, device, list, err);
		if (r < 0)
			return r;
		exists = recall(answers, list, ret);
	}
	*ret_exists = exists;
	return 0;
}

void qemu_answers_keep_missing(struct qemu_answers *answers, const char *device)
{
	cleanup_free char *missing = xasprintf(MISSING, device);

	if (!recall(answers, missing, NULL))
		learn(answers, missing);
}

/* ---- the list of all devices --------------------------------------------- */

/* Ends the next text in quotes after `label`, and moves *p behind it. */
static bool read_quoted(char **p, const char *label, char **ret)
{
	char *start = strstr(*p, label);

	if (!start)
		return false;
	start += strlen(label);
	char *end = strchr(start, '"');
	if (!end)
		return false;
	*end = '\0';
	*ret = start;
	*p = end + 1;
	return true;
}

struct device_lists {
	struct strv devices, aliases, common;
	bool is_common; /* in a section with devices that hold or plug in what
			   a disk or a NIC is */
};

/* HMP's "info qdm", the only place where QEMU tells aliases, has sections with
 * a title, and lines such as `name "virtio-blk-pci", bus PCI, alias
 * "virtio-blk"`. */
static void read_device_line(char *line, struct device_lists *lists)
{
	char *name, *alias;
	bool is_for_users = !strstr(line, ", no-user");

	if (!read_quoted(&line, "name \"", &name)) {
		lists->is_common = str_starts(line, "Storage devices") ||
				   str_starts(line, "Network devices");
		return;
	}
	strv_add(&lists->devices, name);
	if (lists->is_common && is_for_users)
		strv_add(&lists->common, name);
	if (!read_quoted(&line, "alias \"", &alias))
		return;
	strv_add(&lists->devices, alias);
	strv_add(&lists->aliases, alias);
	strv_add(&lists->aliases, name);
}

static int learn_devices(struct qemu_answers *answers, struct err *err)
{
	cleanup_json json_t *arguments =
		json_pack("{s:s}", "command-line", "info qdm");
	cleanup_json json_t *answer = NULL;
	struct device_lists lists = { 0 };
	int r = ask(answers, "human-monitor-command", arguments, &answer, err);

	if (r < 0)
		return r;
	cleanup_free char *text = xstrdup(
		json_is_string(answer) ? json_string_value(answer) : "");
	char *save = NULL;
	for (char *line = strtok_r(text, "\r\n", &save); line;
	     line = strtok_r(NULL, "\r\n", &save))
		read_device_line(line, &lists);
	*learn(answers, DEVICES) = lists.devices;
	*learn(answers, ALIASES) = lists.aliases;
	*learn(answers, COMMON) = lists.common;
	return 0;
}

int qemu_answers_devices(struct qemu_answers *answers, struct strv *ret,
			 struct err *err)
{
	if (recall(answers, DEVICES, ret))
		return 0;
	int r = learn_devices(answers, err);
	if (r == 0)
		recall(answers, DEVICES, ret);
	return r;
}

char *qemu_answers_alias(const struct qemu_answers *answers, const char *alias)
{
	cleanup_strv struct strv aliases = STRV_INIT;
	char *name = NULL;

	recall(answers, ALIASES, &aliases);
	for (size_t i = 0; i + 1 < aliases.count; i += 2)
		if (str_eq(aliases.items[i], alias))
			str_replace(&name, aliases.items[i + 1]);
	return name;
}

/* ---- options ------------------------------------------------------------- */

static int learn_drive(struct qemu_answers *answers, struct err *err)
{
	cleanup_json json_t *arguments = json_pack("{s:s}", "option", "drive");
	cleanup_json json_t *answer = NULL;
	cleanup_strv struct strv names = STRV_INIT;
	int r = ask(answers, "query-command-line-options", arguments, &answer,
		    err);

	if (r < 0)
		return r;
	add_names(json_object_get(json_array_get(answer, 0), "parameters"),
		  &names);
	struct strv *options = learn(answers, DRIVE);
	for (size_t i = 0; i < names.count; i++)
		strv_add_unique(options, names.items[i]);
	return 0;
}

int qemu_answers_drive(struct qemu_answers *answers, struct strv *ret,
		       struct err *err)
{
	if (recall(answers, DRIVE, ret))
		return 0;
	int r = learn_drive(answers, err);
	if (r == 0)
		recall(answers, DRIVE, ret);
	return r;
}

static int learn_schema(struct qemu_answers *answers, struct err *err)
{
	cleanup_json json_t *schema = NULL;
	struct qemu_facts facts = { 0 };
	int r = ask(answers, "query-qmp-schema", NULL, &schema, err);

	if (r < 0)
		return r;
	qemu_schema_read(schema, &facts);
	*learn(answers, BLOCK) = facts.block_options;
	*learn(answers, USER) = facts.user_options;
	*learn(answers, TAP) = facts.tap_options;
	return 0;
}

int qemu_answers_schema(struct qemu_answers *answers, struct strv *ret_block,
			struct strv *ret_user, struct strv *ret_tap,
			struct err *err)
{
	if (!recall(answers, BLOCK, NULL) || !recall(answers, USER, NULL) ||
	    !recall(answers, TAP, NULL)) {
		int r = learn_schema(answers, err);
		if (r < 0)
			return r;
	}
	recall(answers, BLOCK, ret_block);
	recall(answers, USER, ret_user);
	recall(answers, TAP, ret_tap);
	return 0;
}

size_t qemu_answers_count_devices(const struct lists *lists)
{
	size_t count = 0;

	for (size_t i = 0; i < lists->count; i++) {
		const char *name;

		lists_at(lists, i, &name);
		count += str_starts(name, DEVICE_PREFIX);
	}
	return count;
}

/* ---- machines ------------------------------------------------------------ */

static int learn_machines(struct qemu_answers *answers, struct err *err)
{
	cleanup_json json_t *machines = NULL, *accels = NULL;
	cleanup_json json_t *arguments =
		json_pack("{s:s,s:b}", "implements", "accel", "abstract", 0);
	cleanup_strv struct strv names = STRV_INIT;
	int r = ask(answers, "query-machines", NULL, &machines, err);

	if (r == 0)
		r = ask(answers, "qom-list-types", arguments, &accels, err);
	if (r < 0)
		return r;
	add_names(machines, learn(answers, ANSWERS_MACHINES));
	add_names(accels, &names);
	/* Of the types "tcg-accel", "kvm-accel" and "accel" the last one is
	 * what they have in common. */
	struct strv *list = learn(answers, ANSWERS_ACCELS);
	for (size_t i = 0; i < names.count; i++) {
		const char *end = strstr(names.items[i], "-accel");

		if (end)
			strv_addf(list, "%.*s", (int)(end - names.items[i]),
				  names.items[i]);
	}
	return 0;
}

int qemu_answers_machines(struct qemu_answers *answers, struct strv *ret,
			  struct err *err)
{
	if (recall(answers, ANSWERS_MACHINES, ret))
		return 0;
	int r = learn_machines(answers, err);
	if (r == 0)
		recall(answers, ANSWERS_MACHINES, ret);
	return r;
}

/* ---- all of it ----------------------------------------------------------- */

static int learn_common(struct qemu_answers *answers, struct err *err)
{
	cleanup_strv struct strv common = STRV_INIT, aliases = STRV_INIT;
	int r = 0;

	recall(answers, COMMON, &common);
	recall(answers, ALIASES, &aliases);
	for (size_t i = 0; r == 0 && i < common.count; i++) {
		cleanup_strv struct strv properties = STRV_INIT;
		bool exists;

		r = qemu_answers_properties(answers, common.items[i],
					    &properties, &exists, err);
	}
	for (size_t i = 0; i + 1 < aliases.count; i += 2)
		if (strv_has(&common, aliases.items[i + 1]))
			qemu_answers_keep_missing(answers, aliases.items[i]);
	return r;
}

int qemu_answers_learn_all(struct qemu_answers *answers, struct err *err)
{
	int r = learn_devices(answers, err);

	if (r == 0)
		r = learn_common(answers, err);
	if (r == 0)
		r = learn_drive(answers, err);
	if (r == 0)
		r = learn_schema(answers, err);
	return r < 0 ? r : learn_machines(answers, err);
}
