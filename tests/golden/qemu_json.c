/* SPDX-License-Identifier: Apache-2.0 */
#include "qemu_json.h"

#include <errno.h>

#include "base/json.h"
#include "json_member.h"

static const char *const QEMU_KEYS[] = {
	"installed",	 "failure",	 "models",
	"devices",	 "machines",	 "drive-options",
	"block-options", "user-options", "tap-options",
};

static int answer_model(const json_t *qemu, struct model_facts *model,
			struct err *err)
{
	const json_t *models = json_object_get(qemu, "models");
	const char *name = json_member_text(models, model->asked);
	const json_t *properties =
		json_object_get(models, name ? name : model->asked);

	if (json_is_array(properties)) {
		model->name = xstrdup(name ? name : model->asked);
		json_member_strv(models, model->name, &model->properties);
		return 0;
	}
	if (json_is_false(properties))
		return 0;
	/* What is in QEMU's list exists, so that its answer is known. */
	cleanup_strv struct strv devices = STRV_INIT;
	json_member_strv(qemu, "devices", &devices);
	if (strv_has(&devices, model->asked))
		return err_set(err, -EPROTO,
			       "what QEMU says about '%s' was not recorded",
			       model->asked);
	return 0;
}

static int answer_models(const json_t *qemu, const struct strv *asked,
			 struct qemu_facts *facts, struct err *err)
{
	bool has_all = true;
	int r = 0;

	facts->model_count = asked->count;
	facts->models = xcalloc(asked->count, sizeof(*facts->models));
	for (size_t i = 0; i < asked->count; i++)
		facts->models[i].asked = xstrdup(asked->items[i]);
	if (facts->failure)
		return 0;
	for (size_t i = 0; r == 0 && i < asked->count; i++) {
		r = answer_model(qemu, &facts->models[i], err);
		has_all = has_all && facts->models[i].name;
	}
	if (!has_all)
		json_member_strv(qemu, "devices", &facts->devices);
	json_member_strv(qemu, "drive-options", &facts->drive_options);
	return r;
}

static char *path_of(const char *program)
{
	return strchr(program, '/') ? xstrdup(program)
				    : xasprintf("/usr/bin/%s", program);
}

int qemu_json_answer(const json_t *qemu, const struct run_spec *spec,
		     const struct questions *q, struct facts *facts,
		     struct err *err)
{
	struct qemu_facts *ret = &facts->qemu;
	const char *failure = json_member_text(qemu, "failure");
	int r = json_member_check(qemu, QEMU_KEYS, ARRAY_SIZE(QEMU_KEYS), err);

	if (r < 0)
		return err_prefix(err, "qemu");
	if (!qemu || !json_member_bool(qemu, "installed", true))
		return 0;
	ret->path = path_of(q->program);
	if (q->models.count == 0 && !q->needs_machines)
		return 0;
	if (failure)
		ret->failure = xasprintf("'%s' could not be asked: %s",
					 ret->path, failure);
	if (q->needs_machines && !failure)
		json_member_strv(qemu, "machines", &ret->machines);
	r = answer_models(qemu, &q->models, ret, err);
	if (r < 0 || failure || !questions_need_schema(spec, facts))
		return r;
	json_member_strv(qemu, "block-options", &ret->block_options);
	json_member_strv(qemu, "user-options", &ret->user_options);
	json_member_strv(qemu, "tap-options", &ret->tap_options);
	ret->has_schema = true;
	return 0;
}
