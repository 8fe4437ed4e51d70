/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_facts.h"

#include "host/program.h"
#include "host/qemu_answers.h"

/* A device that QEMU does not have leaves the model without a name. */
static int ask_properties(struct qemu_answers *answers,
			  struct model_facts *model, const char *name,
			  struct err *err)
{
	bool exists;
	int r = qemu_answers_properties(answers, name, &model->properties,
					&exists, err);

	if (r == 0 && exists)
		str_replace(&model->name, name);
	return r;
}

/* QMP knows no aliases, but those of virtio devices are the rule: what is
 * missing is the bus. */
static int ask_model(struct qemu_answers *answers, struct model_facts *model,
		     const char *virtio_bus, struct err *err)
{
	int r = ask_properties(answers, model, model->asked, err);

	if (r < 0 || model->name || !str_starts(model->asked, "virtio-"))
		return r;
	cleanup_free char *full = xasprintf("%s-%s", model->asked, virtio_bus);
	return ask_properties(answers, model, full, err);
}

static bool is_any_missing(const struct qemu_facts *qemu)
{
	for (size_t i = 0; i < qemu->model_count; i++)
		if (!qemu->models[i].name)
			return true;
	return false;
}

/* The models that QEMU does not have by name may be aliases. All devices are
 * asked for then, which takes as long as everything else; their names also
 * serve to say what may have been meant. */
static int ask_aliases(struct qemu_answers *answers, struct qemu_facts *qemu,
		       struct err *err)
{
	int r = 0;

	if (is_any_missing(qemu))
		r = qemu_answers_devices(answers, &qemu->devices, err);
	for (size_t i = 0; r == 0 && i < qemu->model_count; i++) {
		struct model_facts *model = &qemu->models[i];
		cleanup_free char *name =
			model->name ? NULL
				    : qemu_answers_alias(answers, model->asked);

		if (name)
			r = ask_properties(answers, model, name, err);
		if (r == 0 && model->name && !str_eq(model->name, model->asked))
			qemu_answers_keep_missing(answers, model->asked);
	}
	return r;
}

static int ask_schema(struct qemu_answers *answers, struct qemu_facts *qemu,
		      struct err *err)
{
	int r = qemu_answers_schema(answers, &qemu->block_options,
				    &qemu->user_options, &qemu->tap_options,
				    err);

	if (r == 0)
		qemu->has_schema = true;
	return r;
}

static int ask_all(struct qemu_answers *answers, const struct run_spec *spec,
		   const struct questions *q, struct facts *facts,
		   struct err *err)
{
	struct qemu_facts *qemu = &facts->qemu;
	int r = 0;

	for (size_t i = 0; r == 0 && i < qemu->model_count; i++)
		r = ask_model(answers, &qemu->models[i], q->virtio_bus, err);
	if (r == 0)
		r = ask_aliases(answers, qemu, err);
	if (r == 0 && q->needs_machines)
		r = qemu_answers_machines(answers, &qemu->machines, err);
	if (r == 0 && qemu->model_count > 0)
		r = qemu_answers_drive(answers, &qemu->drive_options, err);
	if (r == 0 && questions_need_schema(spec, facts))
		r = ask_schema(answers, qemu, err);
	return r;
}

void host_ask_qemu(const struct run_spec *spec, const struct questions *q,
		   struct qemu_cache *cache, struct facts *facts)
{
	struct qemu_facts *qemu = &facts->qemu;
	struct qemu_answers answers;
	struct err err;

	qemu->path = program_find(q->program);
	if (!qemu->path || (q->models.count == 0 && !q->needs_machines))
		return;
	qemu->model_count = q->models.count;
	qemu->models = xcalloc(qemu->model_count, sizeof(*qemu->models));
	for (size_t i = 0; i < qemu->model_count; i++)
		qemu->models[i].asked = xstrdup(q->models.items[i]);

	qemu_cache_open(cache, qemu->path, facts->host_machine);
	qemu_answers_begin(&answers, qemu->path, cache);
	int r = ask_all(&answers, spec, q, facts, &err);
	qemu_answers_end(&answers);
	if (r < 0)
		qemu->failure = xasprintf("'%s' could not be asked: %s",
					  qemu->path, err.text);
}
