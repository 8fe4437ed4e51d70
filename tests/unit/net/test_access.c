/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define ALICE 1000
#define BOB 1001
#define KVM 100
#define GAMES 60

/* One rule as a row: about a user, a group, or neither. */
struct row {
	bool is_deny;
	const char *bridge; /* "": all */
	uint32_t user;
	uint32_t group;
	uint32_t max;
	uint16_t first_vlan; /* 0: none */
	uint16_t last_vlan;
	const char *tap; /* a name or a prefix*; NULL: none */
};

static void add_subject(struct access_list *list, struct access_rule *rule,
			bool is_group, uint32_t id)
{
	if (!id)
		return;
	list->subjects[list->n_subjects++] =
		(struct access_subject){ is_group, id };
	rule->n_subjects++;
}

static void add_tap(struct access_list *list, struct access_rule *rule,
		    const char *text)
{
	struct access_tap *tap = &list->taps[list->n_taps];
	size_t len = text ? strcspn(text, "*") : 0;

	if (!text)
		return;
	memcpy(tap->name, text, len);
	tap->is_prefix = text[len] == '*';
	list->n_taps++;
	rule->n_taps++;
}

static void add_rule(struct access_list *list, const struct row *row)
{
	struct access_rule rule = { .is_deny = row->is_deny,
				    .max = row->max,
				    .first_subject = list->n_subjects,
				    .first_vlans = list->n_vlans,
				    .first_tap = list->n_taps,
				    .line = list->n_rules + 1 };

	memcpy(rule.bridge, row->bridge, strlen(row->bridge) + 1);
	add_subject(list, &rule, false, row->user);
	add_subject(list, &rule, true, row->group);
	if (row->first_vlan) {
		list->vlans[list->n_vlans++] =
			(struct access_vlans){ row->first_vlan,
					       row->last_vlan };
		rule.n_vlans = 1;
	}
	add_tap(list, &rule, row->tap);
	list->rules[list->n_rules++] = rule;
}

/*
 * Asked by alice, who is in the group kvm. `line` is that of the rule that
 * decides, 0 where there is none.
 */
static const struct {
	const char *name;
	struct row rows[4]; /* up to one without a bridge */
	const char *bridge;
	uint16_t vlan;
	enum access_verdict verdict;
	uint32_t line;
} cases[] = {
	{ "no rule", { { 0 } }, "br0", 0, ACCESS_UNLISTED, 0 },
	{ "its name", { { .bridge = "br0" } }, "br0", 0, ACCESS_ALLOWED, 1 },
	{ "a longer name",
	  { { .bridge = "br0" } },
	  "br00",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "a shorter name",
	  { { .bridge = "br00" } },
	  "br0",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "another case",
	  { { .bridge = "BR0" } },
	  "br0",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "all", { { .bridge = "" } }, "br0", 0, ACCESS_ALLOWED, 1 },
	{ "a bridge called all",
	  { { .bridge = "" } },
	  "all",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "deny after allow",
	  { { .bridge = "br0" }, { true, .bridge = "br0" } },
	  "br0",
	  0,
	  ACCESS_DENIED,
	  2 },
	{ "allow after deny",
	  { { true, .bridge = "br0" }, { .bridge = "br0" } },
	  "br0",
	  0,
	  ACCESS_DENIED,
	  1 },
	{ "deny all after allow",
	  { { .bridge = "br0" }, { true, .bridge = "" } },
	  "br0",
	  0,
	  ACCESS_DENIED,
	  2 },
	{ "deny another",
	  { { .bridge = "" }, { true, .bridge = "br-mgmt" } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "all but one",
	  { { .bridge = "" }, { true, .bridge = "br-mgmt" } },
	  "br-mgmt",
	  0,
	  ACCESS_DENIED,
	  2 },
	{ "the first of two that deny",
	  { { true, .bridge = "br0" }, { true, .bridge = "" } },
	  "br0",
	  0,
	  ACCESS_DENIED,
	  1 },
	{ "her uid",
	  { { .bridge = "br0", .user = ALICE } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "another's uid",
	  { { .bridge = "br0", .user = BOB } },
	  "br0",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "her group",
	  { { .bridge = "br0", .group = KVM } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "another group",
	  { { .bridge = "br0", .group = GAMES } },
	  "br0",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "a group with the number of her uid",
	  { { .bridge = "br0", .group = ALICE } },
	  "br0",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "a user with the number of her group",
	  { { .bridge = "br0", .user = KVM } },
	  "br0",
	  0,
	  ACCESS_UNLISTED,
	  0 },
	{ "a user or a group",
	  { { .bridge = "br0", .user = BOB, .group = KVM } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "deny her",
	  { { .bridge = "br0" }, { true, .bridge = "br0", .user = ALICE } },
	  "br0",
	  0,
	  ACCESS_DENIED,
	  2 },
	{ "deny another user",
	  { { .bridge = "br0" }, { true, .bridge = "br0", .user = BOB } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "the highest limit",
	  { { .bridge = "br0", .max = 2 },
	    { .bridge = "br0", .max = 8 },
	    { .bridge = "br0", .max = 4 } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  2 },
	{ "no limit is the highest",
	  { { .bridge = "br0", .max = 9 },
	    { .bridge = "" },
	    { .bridge = "br0", .max = 4 } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  2 },
	{ "the first of equals",
	  { { .bridge = "br0", .max = 2 }, { .bridge = "br0", .max = 2 } },
	  "br0",
	  0,
	  ACCESS_ALLOWED,
	  1 },
	{ "each VLAN", { { .bridge = "br0" } }, "br0", 7, ACCESS_ALLOWED, 1 },
	{ "the first of a range",
	  { { .bridge = "br0", .first_vlan = 5, .last_vlan = 7 } },
	  "br0",
	  5,
	  ACCESS_ALLOWED,
	  1 },
	{ "the last of a range",
	  { { .bridge = "br0", .first_vlan = 5, .last_vlan = 7 } },
	  "br0",
	  7,
	  ACCESS_ALLOWED,
	  1 },
	{ "before a range",
	  { { .bridge = "br0", .first_vlan = 5, .last_vlan = 7 } },
	  "br0",
	  4,
	  ACCESS_UNLISTED,
	  0 },
	{ "after a range",
	  { { .bridge = "br0", .first_vlan = 5, .last_vlan = 7 } },
	  "br0",
	  8,
	  ACCESS_UNLISTED,
	  0 },
	{ "a port that may carry each VLAN, some allowed",
	  { { .bridge = "br0", .first_vlan = 1, .last_vlan = 4094 } },
	  "br0",
	  ACCESS_ANY_VLAN,
	  ACCESS_UNLISTED,
	  0 },
	{ "a port that may carry each VLAN, one denied",
	  { { .bridge = "br0" },
	    { true, .bridge = "br0", .first_vlan = 5, .last_vlan = 5 } },
	  "br0",
	  ACCESS_ANY_VLAN,
	  ACCESS_DENIED,
	  2 },
	{ "another VLAN denied",
	  { { .bridge = "br0" },
	    { true, .bridge = "br0", .first_vlan = 5, .last_vlan = 5 } },
	  "br0",
	  6,
	  ACCESS_ALLOWED,
	  1 },
};

static struct access_decision ask(const struct access_list *list,
				  const char *bridge, uint16_t vlan)
{
	static const gid_t gids[] = { 4, KVM };
	const struct access_request request = { bridge,		  ALICE, gids,
						ARRAY_SIZE(gids), vlan,	 NULL };

	return access_decide(list, &request);
}

static void test_decide(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct access_list *list = calloc(1, sizeof(*list));
		struct access_decision decision;

		assert_non_null(list);
		for (size_t j = 0;
		     j < ARRAY_SIZE(cases[i].rows) && cases[i].rows[j].bridge;
		     j++)
			add_rule(list, &cases[i].rows[j]);
		decision = ask(list, cases[i].bridge, cases[i].vlan);
		if (decision.verdict != cases[i].verdict ||
		    (decision.rule ? decision.rule->line : 0) != cases[i].line)
			fail_msg("%s: verdict %d, line %u", cases[i].name,
				 (int)decision.verdict,
				 decision.rule ? decision.rule->line : 0);
		free(list);
	}
}

/* The same, of a tap on br0 with a name; NULL: without. */
static const struct {
	const char *name;
	struct row rows[3];
	const char *tap;
	enum access_verdict verdict;
	uint32_t line;
} names[] = {
	{ "no rule has names",
	  { { .bridge = "" } },
	  "web",
	  ACCESS_UNLISTED,
	  0 },
	{ "its name",
	  { { .bridge = "br0", .tap = "web" } },
	  "web",
	  ACCESS_ALLOWED,
	  1 },
	{ "a longer name",
	  { { .bridge = "br0", .tap = "web" } },
	  "web0",
	  ACCESS_UNLISTED,
	  0 },
	{ "a shorter name",
	  { { .bridge = "br0", .tap = "web" } },
	  "we",
	  ACCESS_UNLISTED,
	  0 },
	{ "a prefix",
	  { { .bridge = "br0", .tap = "web*" } },
	  "web0",
	  ACCESS_ALLOWED,
	  1 },
	{ "all of a prefix",
	  { { .bridge = "br0", .tap = "web*" } },
	  "web",
	  ACCESS_ALLOWED,
	  1 },
	{ "not the prefix",
	  { { .bridge = "br0", .tap = "web*" } },
	  "wed0",
	  ACCESS_UNLISTED,
	  0 },
	{ "without a name",
	  { { .bridge = "br0", .tap = "web*" } },
	  NULL,
	  ACCESS_ALLOWED,
	  1 },
	{ "on another bridge",
	  { { .bridge = "br0" }, { .bridge = "br1", .tap = "web" } },
	  "web",
	  ACCESS_UNLISTED,
	  0 },
	{ "of another user",
	  { { .bridge = "br0" }, { .bridge = "", .user = BOB, .tap = "web" } },
	  "web",
	  ACCESS_UNLISTED,
	  0 },
	{ "of two rules the one that has it",
	  { { .bridge = "br0" }, { .bridge = "br0", .max = 2, .tap = "w*" } },
	  "web",
	  ACCESS_ALLOWED,
	  2 },
	{ "a name denied",
	  { { .bridge = "br0", .tap = "w*" }, { true, "", .tap = "we*" } },
	  "web",
	  ACCESS_DENIED,
	  2 },
	{ "another name denied",
	  { { .bridge = "br0", .tap = "w*" }, { true, "", .tap = "wi*" } },
	  "web",
	  ACCESS_ALLOWED,
	  1 },
	{ "a name denied, and none asked for",
	  { { .bridge = "br0" }, { true, "", .tap = "e*" } },
	  NULL,
	  ACCESS_ALLOWED,
	  1 },
	{ "the bridge denied",
	  { { .bridge = "br0", .tap = "w*" }, { true, "br0" } },
	  "web",
	  ACCESS_DENIED,
	  2 },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct access_request request = { "br0", ALICE,
							NULL,  0,
							0,     names[i].tap };
		struct access_list *list = calloc(1, sizeof(*list));
		struct access_decision decision;

		assert_non_null(list);
		for (size_t j = 0;
		     j < ARRAY_SIZE(names[i].rows) && names[i].rows[j].bridge;
		     j++)
			add_rule(list, &names[i].rows[j]);
		decision = access_decide(list, &request);
		if (decision.verdict != names[i].verdict ||
		    (decision.rule ? decision.rule->line : 0) != names[i].line)
			fail_msg("%s: verdict %d", names[i].name,
				 (int)decision.verdict);
		free(list);
	}
}

static void test_finding_closes_all(void **state)
{
	struct access_list *list = calloc(1, sizeof(*list));
	struct access_decision decision;

	(void)state;
	assert_non_null(list);
	add_rule(list, &(struct row){ .bridge = "" });
	assert_int_equal(ask(list, "br0", 0).verdict, ACCESS_ALLOWED);
	access_add_finding(list, "x");
	decision = ask(list, "br0", 0);
	assert_int_equal(decision.verdict, ACCESS_INVALID);
	assert_null(decision.rule);
	free(list);
}

static void test_findings(void **state)
{
	struct access_list *list = calloc(1, sizeof(*list));
	char text[2 * sizeof(list->findings[0].text)];

	(void)state;
	assert_non_null(list);
	access_add_finding(list, "%s:%u: a\nb\x7f\303\274", "f", 7U);
	assert_string_equal(list->findings[0].text, "f:7: a?b?\303\274");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	access_add_finding(list, "%s", text);
	assert_int_equal(strlen(list->findings[1].text),
			 sizeof(list->findings[1].text) - 1);
	while (list->n_findings < 2 * ACCESS_FINDINGS_MAX)
		access_add_finding(list, "%u", list->n_findings);
	assert_string_equal(list->findings[ACCESS_FINDINGS_MAX - 1].text, "63");
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decide),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_finding_closes_all),
		cmocka_unit_test(test_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
