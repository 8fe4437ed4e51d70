/* SPDX-License-Identifier: Apache-2.0 */
#include "seed_json.h"

#include <errno.h>

#include "base/json.h"
#include "host/seed_facts.h"
#include "json_member.h"

static const char *const TEXT_KEYS[] = { "error" };

static int answer_text(const json_t *json, const struct seed_source *source,
		       struct seed_facts *ret, struct err *err)
{
	int error = ENOENT;

	if (json_is_string(json)) {
		size_t len = json_string_length(json);
		char *text = xcalloc(1, len + 1);

		memcpy(text, json_string_value(json), len);
		host_take_seed_text(source, text, len, ret);
		return 0;
	}
	int r = json_member_check(json, TEXT_KEYS, ARRAY_SIZE(TEXT_KEYS), err);
	if (r == 0)
		r = json_member_errno(json, "error", &error, err);
	if (r == 0)
		host_miss_seed_text(source, error, ret);
	return r;
}

int seed_json_answer(const json_t *host, const struct cloud_init_spec *spec,
		     struct facts *ret, struct err *err)
{
	const json_t *texts = json_object_get(host, "seed");
	const char *yaml = json_member_text(host, "yaml");
	int r = 0;

	for (size_t i = 0; r == 0 && i < cloud_init_spec_count(spec); i++) {
		const struct seed_source source =
			cloud_init_spec_source(spec, i);

		r = answer_text(json_object_get(texts, source.path), &source,
				&ret->seed, err);
	}
	if (spec->finds_ssh_keys)
		json_member_strv(host, "ssh-keys", &ret->seed.ssh_keys);
	if (yaml)
		str_replace(&ret->seed.yaml_failure, yaml);
	memcpy(ret->seed.secret, &ret->random, sizeof(ret->random));
	ret->seed.has_secret = ret->random != 0;
	return r;
}

int seed_json_answer_texts(const json_t *host, const struct strv *paths,
			   struct facts *ret, struct err *err)
{
	const json_t *texts = json_object_get(host, "texts");
	int r = 0;

	ret->texts = xcalloc(paths->count + 1, sizeof(*ret->texts));
	for (size_t i = 0; r == 0 && i < paths->count; i++) {
		const json_t *json = json_object_get(texts, paths->items[i]);
		struct text_facts *text = &ret->texts[ret->text_count++];

		text->path = xstrdup(paths->items[i]);
		text->error = json_is_string(json) ? 0 : ENOENT;
		if (json_is_string(json)) {
			text->text = xstrdup(json_string_value(json));
			text->len = json_string_length(json);
		} else {
			r = json_member_errno(json, "error", &text->error, err);
		}
	}
	return r;
}
