/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/seed_meta.h"

#include <errno.h>

#include "base/json.h"

static bool has_key(const struct seed_text *text, const char *key)
{
	return text && strv_has(&text->yaml.keys, key);
}

/* cloud-init takes both spellings. */
static bool has_keys(const struct seed_text *text)
{
	return has_key(text, "public-keys") || has_key(text, "public_keys");
}

static int check_form(const struct seed_text *text, struct err *err)
{
	const struct yaml_facts *yaml = &text->yaml;

	if (yaml->error)
		return err_set(err, -EINVAL, "it is no YAML: %s", yaml->error);
	if (yaml->root == YAML_NOTHING)
		return err_set(err, -EINVAL,
			       "it is empty, and cloud-init would find no "
			       "instance-id; leave it out, and one is made");
	if (yaml->root != YAML_MAPPING)
		return err_set(err, -EINVAL,
			       "meta-data has lines of the form 'key: value'; "
			       "cloud-init fails on a list or a text");
	return 0;
}

static int refuse_twice(const char *key, const char *option, struct err *err)
{
	return err_set(err, -EINVAL,
		       "it has '%s' of its own; take that out, or leave out %s",
		       key, option);
}

int seed_meta_check(const struct seed_text *text,
		    const struct cloud_init_spec *spec,
		    const struct strv *ssh_keys, struct err *err)
{
	int r = check_form(text, err);

	if (r < 0)
		return r;
	if (!text->yaml.is_open)
		return err_set(
			err, -EINVAL,
			"nothing can be added to it; begin with an entry "
			"'key: value', without a tag or an anchor");
	if (spec->instance_id && has_key(text, "instance-id"))
		return refuse_twice("instance-id", "instance-id=", err);
	if (spec->hostname && has_key(text, "local-hostname"))
		return refuse_twice("local-hostname", "hostname=", err);
	if (ssh_keys->count > 0 && has_keys(text))
		return refuse_twice("public-keys", "--ssh-key", err);
	return 0;
}

/* A string of JSON is one of YAML. */
static void add_quoted(struct strbuf *sb, const char *s)
{
	cleanup_json json_t *json = json_text(s);
	cleanup_free char *text = json_dumps(json, JSON_ENCODE_ANY);

	strbuf_addstr(sb, text);
}

/* Where an entry begins and ends depends on how the user's file is written. */
struct style {
	const char *lead; /* blanks before each line but the first */
	const char *end;
};

static void add_entry(struct strbuf *sb, const struct style *style,
		      const char *key, const char *value)
{
	strbuf_addf(sb, "%s: ", key);
	add_quoted(sb, value);
	strbuf_addf(sb, "%s%s", style->end, style->lead);
}

static void add_keys(struct strbuf *sb, const struct style *style,
		     const struct strv *keys)
{
	strbuf_addstr(sb, "public-keys: [");
	for (size_t i = 0; i < keys->count; i++) {
		strbuf_addstr(sb, i ? ", " : "");
		add_quoted(sb, keys->items[i]);
	}
	strbuf_addf(sb, "]%s%s", style->end, style->lead);
}

static void add_entries(struct strbuf *sb, const struct style *style,
			const struct seed_text *text,
			const struct seed_identity *identity)
{
	if (!has_key(text, "instance-id"))
		add_entry(sb, style, "instance-id", identity->instance_id);
	if (!has_key(text, "local-hostname"))
		add_entry(sb, style, "local-hostname", identity->hostname);
	if (!has_keys(text) && identity->ssh_keys->count > 0)
		add_keys(sb, style, identity->ssh_keys);
}

void seed_meta_add(struct strbuf *sb, const struct seed_text *text,
		   const struct seed_identity *identity)
{
	const struct yaml_facts *yaml = text ? &text->yaml : NULL;
	bool is_flow = yaml && yaml->is_flow;
	size_t column = yaml && !is_flow ? yaml->column : 0;
	cleanup_free char *lead = xasprintf("%*s", (int)column, "");
	const struct style style = { lead, is_flow ? ", " : "\n" };
	size_t first = yaml ? yaml->first : 0;

	if (text)
		strbuf_add(sb, text->text, first);
	add_entries(sb, &style, text, identity);
	if (text)
		strbuf_add(sb, text->text + first, text->len - first);
}
