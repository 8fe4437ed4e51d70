/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_facts.h"

#include <string.h>

#include "base/json.h"
#include "host/program.h"
#include "host/qemu_schema.h"
#include "host/qemu_session.h"

/* An alias and what it stands for, read from HMP's "info qdm", the only place
 * where QEMU tells them: `name "virtio-blk-pci", bus PCI, alias "virtio-blk"`.
 * Both texts point into `line`. */
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

/* Adds the device of one line, with its alias, and resolves the models that
 * asked for that alias. */
static void read_device_line(struct qemu_facts *qemu, char *line)
{
	char *name, *alias;

	if (!read_quoted(&line, "name \"", &name))
		return;
	strv_add(&qemu->devices, name);
	if (!read_quoted(&line, "alias \"", &alias))
		return;
	strv_add(&qemu->devices, alias);
	for (size_t i = 0; i < qemu->model_count; i++)
		if (str_eq(qemu->models[i].asked, alias))
			str_replace(&qemu->models[i].name, name);
}

static int ask_devices(struct qemu_session *session, struct qemu_facts *qemu,
		       struct err *err)
{
	cleanup_json json_t *arguments =
		json_pack("{s:s}", "command-line", "info qdm");
	cleanup_json json_t *answer = NULL;
	int r = qemu_session_ask(session, "human-monitor-command", arguments,
				 &answer, err);

	if (r < 0)
		return r;
	cleanup_free char *text = xstrdup(
		json_is_string(answer) ? json_string_value(answer) : "");
	char *save = NULL;
	for (char *line = strtok_r(text, "\r\n", &save); line;
	     line = strtok_r(NULL, "\r\n", &save))
		read_device_line(qemu, line);
	return 0;
}

/* Asks for the properties of the device `name`; a device that QEMU does not
 * have leaves the model without a name. */
static int ask_properties(struct qemu_session *session,
			  struct model_facts *model, const char *name,
			  struct err *err)
{
	cleanup_json json_t *arguments = json_pack("{s:s}", "typename", name);
	cleanup_json json_t *answer = NULL;
	size_t i;
	json_t *property;

	/* A name that is no UTF-8 is none of QEMU's. */
	if (!arguments)
		return 0;
	int r = qemu_session_ask(session, "device-list-properties", arguments,
				 &answer, err);
	if (r < 0 || !answer)
		return r;
	model->name = xstrdup(name);
	json_array_foreach (answer, i, property) {
		const char *text = json_member_text(property, "name");

		if (text)
			strv_add(&model->properties, text);
	}
	return 0;
}

/* QMP knows no aliases, but those of virtio devices are the rule: what is
 * missing is the bus. */
static int ask_model(struct qemu_session *session, struct model_facts *model,
		     const char *virtio_bus, struct err *err)
{
	int r = ask_properties(session, model, model->asked, err);

	if (r < 0 || model->name || !str_starts(model->asked, "virtio-"))
		return r;
	cleanup_free char *full = xasprintf("%s-%s", model->asked, virtio_bus);
	return ask_properties(session, model, full, err);
}

/* The models that QEMU does not have by name may be aliases. All devices are
 * asked for then, which takes as long as everything else; their names also
 * serve to say what may have been meant. */
static int ask_aliases(struct qemu_session *session, struct qemu_facts *qemu,
		       struct err *err)
{
	struct strv aliases = STRV_INIT;
	int r = 0;

	for (size_t i = 0; i < qemu->model_count; i++)
		if (!qemu->models[i].name)
			strv_add(&aliases, qemu->models[i].asked);
	if (aliases.count > 0)
		r = ask_devices(session, qemu, err);
	for (size_t i = 0; r == 0 && i < qemu->model_count; i++) {
		struct model_facts *model = &qemu->models[i];

		if (!strv_has(&aliases, model->asked) || !model->name)
			continue;
		cleanup_free char *name = take_ptr(model->name);
		r = ask_properties(session, model, name, err);
	}
	strv_done(&aliases);
	return r;
}

static int ask_drive_options(struct qemu_session *session,
			     struct qemu_facts *qemu, struct err *err)
{
	cleanup_json json_t *arguments = json_pack("{s:s}", "option", "drive");
	cleanup_json json_t *answer = NULL;
	size_t i;
	json_t *parameter;
	int r = qemu_session_ask(session, "query-command-line-options",
				 arguments, &answer, err);

	if (r < 0)
		return r;
	const json_t *parameters =
		json_object_get(json_array_get(answer, 0), "parameters");
	json_array_foreach (parameters, i, parameter) {
		const char *text = json_member_text(parameter, "name");

		if (text)
			strv_add_unique(&qemu->drive_options, text);
	}
	return 0;
}

static int ask_schema(struct qemu_session *session, struct qemu_facts *qemu,
		      struct err *err)
{
	cleanup_json json_t *schema = NULL;
	int r = qemu_session_ask(session, "query-qmp-schema", NULL, &schema,
				 err);

	if (r < 0)
		return r;
	qemu_schema_read(schema, qemu);
	return 0;
}

static int ask_all(struct qemu_session *session, const struct run_spec *spec,
		   const struct questions *q, struct facts *facts,
		   struct err *err)
{
	struct qemu_facts *qemu = &facts->qemu;
	int r = 0;

	for (size_t i = 0; r == 0 && i < qemu->model_count; i++)
		r = ask_model(session, &qemu->models[i], q->virtio_bus, err);
	if (r == 0)
		r = ask_aliases(session, qemu, err);
	if (r == 0)
		r = ask_drive_options(session, qemu, err);
	if (r == 0 && questions_need_schema(spec, facts))
		r = ask_schema(session, qemu, err);
	return r;
}

void host_ask_qemu(const struct run_spec *spec, const struct questions *q,
		   struct facts *facts)
{
	struct qemu_facts *qemu = &facts->qemu;
	struct qemu_session session;
	struct err err;

	qemu->path = program_find(q->program);
	if (!qemu->path || q->models.count == 0)
		return;
	qemu->model_count = q->models.count;
	qemu->models = xcalloc(qemu->model_count, sizeof(*qemu->models));
	for (size_t i = 0; i < qemu->model_count; i++)
		qemu->models[i].asked = xstrdup(q->models.items[i]);

	int r = qemu_session_start(qemu->path, &session, &err);
	if (r == 0) {
		r = ask_all(&session, spec, q, facts, &err);
		qemu_session_end(&session);
	}
	if (r < 0)
		qemu->failure = xasprintf("'%s' could not be asked: %s",
					  qemu->path, err.text);
}
