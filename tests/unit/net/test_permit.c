/* SPDX-License-Identifier: Apache-2.0 */
#include "permit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *name;
	uid_t client;
	uid_t starter;
	bool is_secure;
	bool is_needed;
} cases[] = {
	{ "root starts it", 0, 0, false, false },
	{ "a user without privilege", 1000, 1000, false, false },
	{ "a user, by a file capability", 1000, 1000, true, true },
	{ "a user, of a service or by sudo", 1000, 0, false, true },
	{ "a user, of a service by a file capability", 1000, 0, true, true },
	{ "root, by a file capability", 0, 0, true, false },
	{ "root, of a service that is not root", 0, 990, false, false },
	{ "a user with a socket of root's", 0, 1000, true, true },
	{ "a user with a socket of another's", 1001, 1000, true, true },
};

static void test_is_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (permit_is_needed(cases[i].client, cases[i].starter,
				     cases[i].is_secure) != cases[i].is_needed)
			fail_msg("%s", cases[i].name);
}

/* For user 1000, who is "alice" or has no name: one rule, about her. */
static struct permit make_permit(const char *name, struct access_rule rule)
{
	struct permit permit = { .is_enforced = true,
				 .client = { .uid = 1000 },
				 .list = calloc(1, sizeof(*permit.list)) };

	assert_non_null(permit.list);
	memcpy(permit.client.name, name, strlen(name) + 1);
	memcpy(permit.who, "user 1000", sizeof("user 1000"));
	memcpy(permit.list->files[0], "/list", sizeof("/list"));
	permit.list->n_files = 1;
	permit.list->rules[permit.list->n_rules++] = rule;
	return permit;
}

static void check_refusal(const struct permit *permit, const char *bridge,
			  uint16_t vlan, const char *tap, const char *text)
{
	const struct access_rule *rule;
	struct fail fail = { .text = "" };

	assert_int_equal(permit_check(permit, bridge, vlan, tap, &rule, &fail),
			 -1);
	assert_int_equal(fail.code, FAIL_ACL);
	assert_string_equal(fail.text, text);
	assert_null(rule);
}

static void test_open(void **state)
{
	struct permit permit =
		make_permit("alice", (struct access_rule){ .bridge = "br0" });
	const struct access_rule *rule;
	struct fail fail;

	(void)state;
	assert_int_equal(permit_check(&permit, "br0", 0, NULL, &rule, &fail),
			 0);
	assert_ptr_equal(rule, &permit.list->rules[0]);
	permit_done(&permit);
}

static void test_unlisted(void **state)
{
	struct permit permit =
		make_permit("alice", (struct access_rule){ .bridge = "br0" });

	(void)state;
	check_refusal(&permit, "br1", 0, NULL,
		      "no line of /list allows 'br1' to user 1000; an "
		      "administrator can add the line 'allow br1 user:alice'");
	check_refusal(&permit, "br1", 7, NULL,
		      "no line of /list allows 'br1' vlan=7 to user 1000; an "
		      "administrator can add the line 'allow br1 user:alice "
		      "vlan=7'");
	check_refusal(&permit, "br0", 0, "web",
		      "no line of /list allows 'br0' tap=web to user 1000; an "
		      "administrator can add the line 'allow br0 user:alice "
		      "tap=web'");
	check_refusal(&permit, "br0", 4094, "abcdefghijklmno",
		      "no line of /list allows 'br0' vlan=4094 "
		      "tap=abcdefghijklmno to user 1000; an administrator can "
		      "add the line 'allow br0 user:alice vlan=4094 "
		      "tap=abcdefghijklmno'");
	permit.client.name[0] = '\0';
	check_refusal(&permit, "br1", 0, NULL,
		      "no line of /list allows 'br1' to user 1000; an "
		      "administrator can add the line 'allow br1'");
	permit_done(&permit);
}

static void test_denied(void **state)
{
	struct permit permit = make_permit(
		"alice", (struct access_rule){ .is_deny = true, .line = 7 });

	(void)state;
	check_refusal(&permit, "br0", 0, NULL,
		      "'br0' is denied to user 1000 by /list:7; only an "
		      "administrator can change that");
	permit_done(&permit);
}

static void test_invalid(void **state)
{
	struct permit permit = make_permit("alice", (struct access_rule){ 0 });

	(void)state;
	access_add_finding(permit.list, "/list:2: wrong");
	check_refusal(&permit, "br0", 0, NULL,
		      "no bridge is open to user 1000 until this is mended: "
		      "/list:2: wrong");
	access_add_finding(permit.list, "/list:3: wrong");
	check_refusal(&permit, "br0", 0, NULL,
		      "no bridge is open to user 1000 until this is mended: "
		      "/list:2: wrong (and 1 more: 'xkvm net check' shows "
		      "them)");
	permit_done(&permit);
}

static void test_not_enforced(void **state)
{
	const struct permit permit = { 0 };
	const struct access_rule *rule = (const void *)&permit;
	struct fail fail;

	(void)state;
	assert_int_equal(permit_check(&permit, "br0", 0, NULL, &rule, &fail),
			 0);
	assert_null(rule);
	/* Without a rule, and with one without a limit, nobody is asked. */
	assert_int_equal(permit_check_quota(&permit, NULL, "br0", NULL, 9, 128,
					    &fail),
			 0);
	assert_int_equal(permit_check_quota(&permit, &(struct access_rule){ 0 },
					    "br0", NULL, 9, 128, &fail),
			 0);
}

static const struct {
	unsigned int count;
	unsigned int n;
	const char *text; /* NULL: there is room */
} quotas[] = {
	{ 0, 5, NULL },
	{ 4, 1, NULL },
	{ 5, 0, NULL },
	{ 0, 6,
	  "user 1000 has 0 taps on 'br0' and asks for 6 more; each user may "
	  "have 5, by /list:7; end a guest, or have an administrator raise "
	  "max=5" },
	{ 1, 5,
	  "user 1000 has 1 tap on 'br0' (xk0 of web) and asks for 5 more; each "
	  "user may have 5, by /list:7; end a guest, or have an administrator "
	  "raise max=5" },
	{ 5, 1,
	  "user 1000 has 5 taps on 'br0' (xk0 of web, xk1, xk2, xk3, ...) and "
	  "asks for 1 more; each user may have 5, by /list:7; end a guest, or "
	  "have an administrator raise max=5" },
	{ 6, 0,
	  "another request of user 1000 at the same time has used up max=5 of "
	  "/list:7 on 'br0'; try again" },
};

static void test_quota(void **state)
{
	const struct link taps[PERMIT_NAMED_MAX] = {
		{ .name = "xk0", .alias = "xkvm uid=1000 vm=web" },
		{ .name = "xk1", .alias = "xkvm uid=1000" },
		{ .name = "xk2", .alias = "xkvm uid=1000" },
		{ .name = "xk3", .alias = "xkvm uid=1000" },
	};
	struct permit permit = make_permit(
		"",
		(struct access_rule){ .bridge = "br0", .max = 5, .line = 7 });

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(quotas); i++) {
		struct fail fail;
		int rc = permit_check_quota(&permit, &permit.list->rules[0],
					    "br0", taps, quotas[i].count,
					    quotas[i].n, &fail);

		assert_int_equal(rc, quotas[i].text ? -1 : 0);
		if (!quotas[i].text)
			continue;
		assert_int_equal(fail.code, FAIL_QUOTA);
		assert_string_equal(fail.text, quotas[i].text);
	}
	permit_done(&permit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_needed),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_unlisted),
		cmocka_unit_test(test_denied),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_not_enforced),
		cmocka_unit_test(test_quota),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
