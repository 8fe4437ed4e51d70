/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes, as YAML: where something can be put before the first entry is in
 * the text, and with an entry there it is still a mapping, of one key more.
 */
#include "input.h"

#include <stdlib.h>

#include "host/yaml_facts.h"
#include "plan/seed_meta.h"

static void free_facts(struct yaml_facts *facts)
{
	free(facts->error);
	free(facts->version);
	strv_done(&facts->keys);
}

static void check_completed(const struct seed_text *text)
{
	const struct strv no_keys = STRV_INIT;
	const struct seed_identity identity = { "fuzzed-id", "fuzzed-host",
						&no_keys };
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct yaml_facts facts = { 0 };
	struct err err;

	require(text->yaml.first <= text->len);
	seed_meta_add(&sb, text, &identity);
	require(host_read_yaml(strbuf_str(&sb), sb.len, &facts, &err) == 0);
	require(!facts.error);
	require(facts.root == YAML_MAPPING);
	require(strv_has(&facts.keys, "instance-id"));
	require(strv_has(&facts.keys, "local-hostname"));
	require(facts.keys.count >= text->yaml.keys.count);
	free_facts(&facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *bytes = xcalloc(1, size + 1);
	struct seed_text text = { .text = bytes, .len = size };
	struct err err;

	if (size > 0)
		memcpy(bytes, data, size);
	require(host_read_yaml(bytes, size, &text.yaml, &err) == 0);
	if (text.yaml.is_open && !text.yaml.error)
		check_completed(&text);
	free_facts(&text.yaml);
	return 0;
}
