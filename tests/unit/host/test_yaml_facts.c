/* SPDX-License-Identifier: Apache-2.0 */
#include "host/yaml_facts.h"

#include <stdlib.h>

#include "check.h"

static const struct {
	const char *text;
	enum yaml_root root;
	const char *error; /* how it begins; NULL: none */
	const char *keys; /* joined by blanks */
	const char *version;
	const char *first; /* what stands where the first entry is; NULL: none
			      can be added */
	size_t column;
	bool is_flow;
} rows[] = {
	{ "", YAML_NOTHING, NULL, "", NULL, NULL, 0, false },
	{ "# a\n\n", YAML_NOTHING, NULL, "", NULL, NULL, 0, false },
	{ "---\n", YAML_NOTHING, NULL, "", NULL, NULL, 0, false },
	{ "- a\n", YAML_OTHER, NULL, "", NULL, NULL, 0, false },
	{ "a b\n", YAML_OTHER, NULL, "", NULL, NULL, 0, false },
	{ "a: b\nc: {d: e}\n", YAML_MAPPING, NULL, "a c", NULL,
	  "a: b\nc: {d: e}\n", 0, false },
	{ "# ä\n  a: 1\n", YAML_MAPPING, NULL, "a", NULL, "a: 1\n", 2, false },
	{ "%YAML 1.1\n---\na: 1\n", YAML_MAPPING, NULL, "a", NULL, "a: 1\n", 0,
	  false },
	{ "a: 1\r\n", YAML_MAPPING, NULL, "a", NULL, "a: 1\r\n", 0, false },
	{ "ä: 1\n? b\n: 2\n", YAML_MAPPING, NULL, "ä b", NULL,
	  "ä: 1\n? b\n: 2\n", 0, false },
	{ " {\"a\": 1}\n", YAML_MAPPING, NULL, "a", NULL, "\"a\": 1}\n", 1,
	  true },
	{ "{}", YAML_MAPPING, NULL, "", NULL, "}", 0, true },
	{ "!!map\na: 1\n", YAML_MAPPING, NULL, "a", NULL, NULL, 0, false },
	{ "&x {a: 1}\n", YAML_MAPPING, NULL, "a", NULL, NULL, 0, false },
	{ "version: 2\n", YAML_MAPPING, NULL, "version", "2", "version: 2\n", 0,
	  false },
	{ "network:\n  version: \"1\"\n", YAML_MAPPING, NULL, "network", "1",
	  "network:\n  version: \"1\"\n", 0, false },
	{ "version: [2]\n", YAML_MAPPING, NULL, "version", "", "version: [2]\n",
	  0, false },
	{ "{}: b\n", YAML_MAPPING, NULL, "", NULL, "{}: b\n", 0, false },
	{ "[a]: b\n", YAML_MAPPING, NULL, "", NULL, "[a]: b\n", 0, false },
	{ "a: [\n", YAML_NOTHING, "line 2: ", "", NULL, NULL, 0, false },
	{ "a: b\n\tc: d\n", YAML_NOTHING, "line 2: ", "", NULL, NULL, 0,
	  false },
	{ "a: *x\n", YAML_NOTHING, "line 1: ", "", NULL, NULL, 0, false },
	{ "a: \xff\n", YAML_NOTHING, "line 1: ", "", NULL, NULL, 0, false },
	{ "--- a\n--- b\n", YAML_OTHER, "line 2: a second document", "", NULL,
	  NULL, 0, false },
};

static void free_facts(struct yaml_facts *facts)
{
	free(facts->error);
	free(facts->version);
	strv_done(&facts->keys);
}

/* Either may be NULL. */
static void check_start(const char *row, const char *text, const char *start)
{
	if (text && start)
		check_number(row, str_starts(text, start), true);
	else
		check_text(row, text, start);
}

static char *join(const struct strv *keys)
{
	char *joined = xstrdup("");

	for (size_t i = 0; i < keys->count; i++) {
		const char *sep = *joined && *keys->items[i] ? " " : "";
		char *more = xasprintf("%s%s%s", joined, sep, keys->items[i]);

		free(joined);
		joined = more;
	}
	return joined;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *text = rows[i].text;
		struct yaml_facts facts;
		struct err err;

		check_ok(text, host_read_yaml(text, strlen(text), &facts, &err),
			 &err);
		cleanup_free char *keys = join(&facts.keys);
		check_number(text, facts.root, rows[i].root);
		check_start(text, facts.error, rows[i].error);
		check_text(text, keys, rows[i].keys);
		check_text(text, facts.version, rows[i].version);
		check_number(text, facts.is_open, rows[i].first != NULL);
		if (rows[i].first) {
			check_text(text, text + facts.first, rows[i].first);
			check_number(text, (long long)facts.column,
				     (long long)rows[i].column);
			check_number(text, facts.is_flow, rows[i].is_flow);
		}
		free_facts(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
