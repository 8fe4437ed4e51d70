/* SPDX-License-Identifier: Apache-2.0 */
#include "host/seed_facts.h"

#include <sys/random.h>

#include "host/ssh_keys.h"
#include "host/text_facts.h"
#include "host/yaml_facts.h"
#include "plan/seed.h"

static struct seed_text *add_text(struct seed_facts *facts, const char *path)
{
	facts->texts = xreallocarray(facts->texts, facts->text_count + 1,
				     sizeof(*facts->texts));
	struct seed_text *text = &facts->texts[facts->text_count++];
	*text = (struct seed_text){ .path = xstrdup(path) };
	return text;
}

void host_take_seed_text(const struct seed_source *source, char *text_owned,
			 size_t len, struct seed_facts *ret)
{
	struct seed_text *text = add_text(ret, source->path);
	struct err err;

	text->text = text_owned;
	text->len = len;
	if (seed_is_yaml(source->word, text->text, len) &&
	    host_read_yaml(text->text, len, &text->yaml, &err) < 0)
		str_replace(&ret->yaml_failure, err.text);
}

void host_miss_seed_text(const struct seed_source *source, int error,
			 struct seed_facts *ret)
{
	add_text(ret, source->path)->error = error;
}

static void look_at(const struct seed_source *source, struct seed_facts *facts)
{
	struct strbuf sb = STRBUF_INIT;
	int error = host_read_text(source->path, true, SEED_TEXT_MAX, &sb);

	if (error) {
		strbuf_done(&sb);
		host_miss_seed_text(source, error, facts);
		return;
	}
	size_t len = sb.len;
	host_take_seed_text(source, strbuf_detach(&sb), len, facts);
}

void host_read_seed(const struct cloud_init_spec *spec, struct seed_facts *ret)
{
	struct seed_facts facts = { 0 };

	for (size_t i = 0; i < cloud_init_spec_count(spec); i++) {
		const struct seed_source source =
			cloud_init_spec_source(spec, i);

		look_at(&source, &facts);
	}
	if (spec->finds_ssh_keys)
		host_find_ssh_keys(spec->ssh_agent, spec->ssh_folder,
				   &facts.ssh_keys);
	if (spec->password_kind == SEED_PASSWORD_RANDOM)
		facts.has_secret = getrandom(facts.secret, sizeof(facts.secret),
					     0) == sizeof(facts.secret);
	*ret = facts;
}
