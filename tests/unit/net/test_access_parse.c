/* SPDX-License-Identifier: Apache-2.0 */
#include "access_parse.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* ---- a world of files and names --------------------------------------------
 */

struct world {
	const char *text; /* of /list */
	size_t size;
	bool is_private;
	unsigned int reads;
};

static const struct {
	const char *path;
	const char *text; /* NULL: cannot be read */
	const char *reason;
} files[] = {
	{ "/lab", "allow br-lab\n", "" },
	{ "/wrong", "\nallow br-lab alice\n", "" },
	{ "/unread", NULL, "there is no /unread" },
	{ "/distrusted", "allow br-lab\n", "user 5 can write to it" },
	{ "/self", "include /self\n", "" },
	{ "/ping", "include /pong\n", "" },
	{ "/pong", "# back\ninclude /ping\n", "" },
	{ "/down/1", "include /down/2\n", "" },
	{ "/down/2", "include /down/3\n", "" },
	{ "/down/3", "include /down/4\n", "" },
	{ "/down/4", "include /down/5\n", "" },
	{ "/down/5", "include /down/6\n", "" },
	{ "/down/6", "include /down/7\n", "" },
	{ "/down/7", "include /down/8\n", "" },
	{ "/down/8", "allow br-deep\n", "" },
	{ "/down/0", "include /down/1\n", "" },
};

static const struct {
	const char *name;
	uint32_t id;
} names[] = { { "alice", 1000 }, { "bobby", 1001 }, { "kvm", 100 } };

/* A copy of just its size, where a read beyond its end is noticed. */
static struct access_text copy_text(const char *text, size_t size)
{
	struct access_text copy = { malloc(size ? size : 1), size, true };

	assert_non_null(copy.data);
	memcpy(copy.data, text, size);
	return copy;
}

static int read_file(void *context, const char *path, struct access_text *ret,
		     char reason[static ACCESS_REASON_SIZE])
{
	struct world *world = context;

	world->reads++;
	if (strcmp(path, "/list") == 0) {
		*ret = copy_text(world->text, world->size);
		ret->is_public = !world->is_private;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(path, files[i].path) != 0)
			continue;
		snprintf(reason, ACCESS_REASON_SIZE, "%s", files[i].reason);
		if (!files[i].text)
			return -1;
		*ret = copy_text(files[i].text, strlen(files[i].text));
		return 0;
	}
	fail_msg("'%s' is read", path);
	return -1;
}

static int find_name(void *context, const char *name, uint32_t *ret)
{
	(void)context;
	if (strcmp(name, "remote") == 0)
		return -EIO;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(name, names[i].name) == 0) {
			*ret = names[i].id;
			return 0;
		}
	}
	return -ENOENT;
}

static struct access_list *parse_world(struct world *world)
{
	const struct access_source source = { world, read_file, find_name,
					      find_name };
	struct access_list *list = calloc(1, sizeof(*list));

	assert_non_null(list);
	access_parse(list, "/list", &source);
	return list;
}

static struct access_list *parse(const char *text)
{
	struct world world = { .text = text, .size = strlen(text) };

	return parse_world(&world);
}

/* ---- what is right ---------------------------------------------------------
 */

/* Writes the rules as text, each in one form. */
static void print_rules(const struct access_list *list, char *ret, size_t size)
{
	size_t used = 0;

#define PRINT(...) \
	(used += (size_t)snprintf(ret + used, size - used, __VA_ARGS__))

	*ret = '\0';
	for (unsigned int i = 0; i < list->n_rules; i++) {
		const struct access_rule *rule = &list->rules[i];

		PRINT("%s%s:%u %s %s", i ? "; " : "",
		      access_rule_file(list, rule), rule->line,
		      rule->is_deny ? "deny" : "allow",
		      *rule->bridge ? rule->bridge : "*");
		for (unsigned int j = 0; j < rule->n_subjects; j++) {
			const struct access_subject *subject =
				&list->subjects[rule->first_subject + j];

			PRINT(" %s%u", subject->is_group ? "g" : "u",
			      subject->id);
		}
		for (unsigned int j = 0; j < rule->n_vlans; j++) {
			const struct access_vlans *vlans =
				&list->vlans[rule->first_vlans + j];

			PRINT(" %u-%u", vlans->first, vlans->last);
		}
		if (rule->max)
			PRINT(" max=%u", rule->max);
	}
#undef PRINT
}

static const struct {
	const char *text;
	const char *rules;
} good[] = {
	{ "", "" },
	{ "\n\n", "" },
	{ "# allow br0\n", "" },
	{ "   # allow br0\n\t\n", "" },
	{ "allow br0\n", "/list:1 allow br0" },
	{ "\tallow \t br0  \t\n", "/list:1 allow br0" },
	{ "allow br0 # this one\n", "/list:1 allow br0" },
	{ "allow br#0\n", "/list:1 allow br#0" },
	{ "allow 012345678901234\n", "/list:1 allow 012345678901234" },
	{ "allow br\303\274cke\n", "/list:1 allow br\303\274cke" },
	{ "allow all\ndeny all\n", "/list:1 allow *; /list:2 deny *" },
	{ "allow all-of-it\n", "/list:1 allow all-of-it" },
	{ "\n\ndeny br-mgmt\n", "/list:3 deny br-mgmt" },
	{ "allow br0 user:alice\n", "/list:1 allow br0 u1000" },
	{ "allow br0 group:kvm user:bobby max=3\n",
	  "/list:1 allow br0 g100 u1001 max=3" },
	{ "allow br0 max=65535\n", "/list:1 allow br0 max=65535" },
	{ "allow br0 vlan=5\n", "/list:1 allow br0 5-5" },
	{ "deny br0 vlan=1-4094\n", "/list:1 deny br0 1-4094" },
	{ "allow br0 vlan=100-110:5:7-7\nallow br1 vlan=8\n",
	  "/list:1 allow br0 100-110 5-5 7-7; /list:2 allow br1 8-8" },
	{ "include /lab\nallow br0\n",
	  "/lab:1 allow br-lab; /list:2 allow br0" },
	{ "include /lab\ninclude /lab\n",
	  "/lab:1 allow br-lab; /lab:1 allow br-lab" },
	{ "include /down/1 # 8 deep\n", "/down/8:1 allow br-deep" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct access_list *list = parse(good[i].text);
		char rules[512];

		if (list->n_findings)
			fail_msg("'%s': %s", good[i].text,
				 list->findings[0].text);
		print_rules(list, rules, sizeof(rules));
		assert_string_equal(rules, good[i].rules);
		free(list);
	}
}

/* ---- what is wrong ---------------------------------------------------------
 */

static const struct {
	const char *text;
	const char *finding;
} bad[] = {
	{ "alow br0\n", "/list:1: 'alow' is not known; a line begins with "
			"allow, deny or include" },
	{ "Allow br0\n", "/list:1: 'Allow' is not known; a line begins with "
			 "allow, deny or include" },
	{ "allowbr0\n", "/list:1: 'allowbr0' is not known; a line begins with "
			"allow, deny or include" },
	{ "\nallow\n",
	  "/list:2: which bridge? write its name, or the word 'all'" },
	{ "deny # all\n",
	  "/list:1: which bridge? write its name, or the word 'all'" },
	{ "allow 0123456789012345\n", "/list:1: '0123456789012345' has 16 "
				      "bytes; a bridge's name has at most 15" },
	{ "deny *\n", "/list:1: '*' is no pattern; the word 'all' stands for "
		      "each bridge, and nothing for some" },
	{ "allow br?\n", "/list:1: 'br?' is no pattern; the word 'all' stands "
			 "for each bridge, and nothing for some" },
	{ "allow a/b\n", "/list:1: 'a/b' cannot be the name of a bridge" },
	{ "allow br0:1\n", "/list:1: 'br0:1' cannot be the name of a bridge" },
	{ "allow ..\n", "/list:1: '..' cannot be the name of a bridge" },
	{ "allow .\n", "/list:1: '.' cannot be the name of a bridge" },
	{ "allow br0 alice\n",
	  "/list:1: 'alice' is not known; after the bridge go user:NAME, "
	  "group:NAME, max=N and vlan=A-B" },
	{ "allow br0 br1\n",
	  "/list:1: 'br1' is not known; after the bridge go user:NAME, "
	  "group:NAME, max=N and vlan=A-B" },
	{ "allow br0 user=alice\n",
	  "/list:1: 'user=alice' is not known; after the bridge go user:NAME, "
	  "group:NAME, max=N and vlan=A-B" },
	{ "allow br0 user:bob\n", "/list:1: there is no user 'bob'; correct "
				  "the name, or take the line away" },
	{ "allow br0 user:\n", "/list:1: there is no user ''; correct the "
			       "name, or take the line away" },
	{ "deny br0 group:kvms\n", "/list:1: there is no group 'kvms'; correct "
				   "the name, or take the line away" },
	{ "allow br0 user:remote\n", "/list:1: cannot look up the user "
				     "'remote': Input/output error" },
	{ "deny br0 max=1\n",
	  "/list:1: max= goes with allow only; take it away" },
	{ "allow br0 max=1 max=1\n",
	  "/list:1: max= stands twice; take one away" },
	{ "allow br0 max=0\n",
	  "/list:1: max=0 is not a number from 1 to 65535" },
	{ "allow br0 max=65536\n",
	  "/list:1: max=65536 is not a number from 1 to 65535" },
	{ "allow br0 max=4294967297\n",
	  "/list:1: max=4294967297 is not a number from 1 to 65535" },
	{ "allow br0 max=02\n",
	  "/list:1: max=02 is not a number from 1 to 65535" },
	{ "allow br0 max=-1\n",
	  "/list:1: max=-1 is not a number from 1 to 65535" },
	{ "allow br0 max=\n", "/list:1: max= is not a number from 1 to 65535" },
	{ "allow br0 max=1x\n",
	  "/list:1: max=1x is not a number from 1 to 65535" },
	{ "allow br0 vlan=\n", "/list:1: '' is neither a VLAN from 1 to 4094 "
			       "nor a range A-B of them" },
	{ "allow br0 vlan=0\n", "/list:1: '0' is neither a VLAN from 1 to 4094 "
				"nor a range A-B of them" },
	{ "allow br0 vlan=4095\n", "/list:1: '4095' is neither a VLAN from 1 "
				   "to 4094 nor a range A-B of them" },
	{ "allow br0 vlan=7-5\n", "/list:1: '7-5' is neither a VLAN from 1 to "
				  "4094 nor a range A-B of them" },
	{ "allow br0 vlan=5-\n", "/list:1: '5-' is neither a VLAN from 1 to "
				 "4094 nor a range A-B of them" },
	{ "allow br0 vlan=1-2-3\n", "/list:1: '1-2-3' is neither a VLAN from 1 "
				    "to 4094 nor a range A-B of them" },
	{ "allow br0 vlan=5:\n", "/list:1: '' is neither a VLAN from 1 to 4094 "
				 "nor a range A-B of them" },
	{ "allow br0 vlan=5 vlan=6\n",
	  "/list:1: vlan= stands twice; write vlan=A:B for two of them" },
	{ "include\n", "/list:1: which file? write its path" },
	{ "include /lab /more\n",
	  "/list:1: '/more' is one word more than include takes" },
	{ "include /unread\n",
	  "/list:1: include /unread: there is no /unread" },
	{ "include /distrusted\n",
	  "/list:1: include /distrusted: user 5 can write to it" },
	{ "include /wrong\n",
	  "/wrong:2: 'alice' is not known; after the bridge go user:NAME, "
	  "group:NAME, max=N and vlan=A-B" },
	{ "include /list\n", "/list:1: include /list: the file includes "
			     "itself; take the line away" },
	{ "include /self\n", "/self:1: include /self: the file includes "
			     "itself; take the line away" },
	{ "include /ping\n", "/pong:2: include /ping: the file includes "
			     "itself; take the line away" },
	{ "include /down/0\n", "/down/7:1: include /down/8: the includes are "
			       "too deep; include it in an earlier file" },
	{ "allow br0\r\n",
	  "/list:1: there is a carriage return; end lines as Unix does (sed -i "
	  "'s/\\r$//' FILE)" },
	{ "allow br0\nallow br\x01\n", "/list:2: byte 8 of the line is the "
				       "control character 0x01; take it away" },
	{ "# \x1b[2J\n", "/list:1: byte 2 of the line is the control character "
			 "0x1b; take it away" },
	{ "allow br0\x7f\n", "/list:1: byte 9 of the line is the control "
			     "character 0x7f; take it away" },
	{ "deny br-mgmt\nallow br0",
	  "/list:2: the last line has no end, so more of the file may be "
	  "missing; end it with a newline" },
};

static void check_finding(const char *text, const struct access_list *list,
			  const char *finding)
{
	const struct access_request request = { .bridge = "br0" };

	if (list->n_findings != 1)
		fail_msg("'%s': %u findings", text, list->n_findings);
	assert_string_equal(list->findings[0].text, finding);
	assert_int_equal(access_decide(list, &request).verdict, ACCESS_INVALID);
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct access_list *list = parse(bad[i].text);

		check_finding(bad[i].text, list, bad[i].finding);
		free(list);
	}
}

static void test_each_defect_is_found(void **state)
{
	static const char *const wanted[] = {
		"/list:1: 'x' is not known; a line begins with allow, deny or "
		"include",
		"/list:3: there is no user 'bob'; correct the name, or take "
		"the line away",
		"/list:3: max=0 is not a number from 1 to 65535",
		"/wrong:2: 'alice' is not known; after the bridge go "
		"user:NAME, group:NAME, max=N and vlan=A-B",
	};
	struct access_list *list =
		parse("x\nallow br0\nallow br0 user:bob max=0\n"
		      "include /wrong\n");

	(void)state;
	assert_int_equal(list->n_findings, ARRAY_SIZE(wanted));
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_string_equal(list->findings[i].text, wanted[i]);
	free(list);
}

static void test_nul(void **state)
{
	static const char text[] = "allow br0\0\ndeny br-mgmt\n";
	struct world world = { .text = text, .size = sizeof(text) - 1 };
	struct access_list *list = parse_world(&world);

	(void)state;
	check_finding(text, list,
		      "/list:1: byte 9 of the line is the control character "
		      "0x00; take it away");
	free(list);
}

/* Writes `n` times `line`. */
static char *repeat(const char *line, size_t n)
{
	size_t len = strlen(line);
	char *text = calloc(n + 1, len);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * len, line, len);
	return text;
}

static void test_long_line(void **state)
{
	static const char start[] = "allow br0 #";
	char line[ACCESS_LINE_MAX + 3];
	struct access_list *list;

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, start, strlen(start));
	memcpy(line + ACCESS_LINE_MAX, "\n", 2);
	list = parse(line);
	assert_int_equal(list->n_findings, 0);
	assert_int_equal(list->n_rules, 1);
	free(list);
	memcpy(line + ACCESS_LINE_MAX, "x\n", 3);
	list = parse(line);
	check_finding(line, list,
		      "/list:1: the line has 513 bytes; at most 512 go");
	free(list);
}

static void test_long_file(void **state)
{
	char *text = repeat("# 89012345678901\n", ACCESS_FILE_MAX / 17 + 1);
	struct world world = { .text = text, .size = ACCESS_FILE_MAX };
	struct access_list *list;

	(void)state;
	text[ACCESS_FILE_MAX - 1] = '\n';
	list = parse_world(&world);
	assert_int_equal(list->n_findings, 0);
	free(list);
	world.size++;
	list = parse_world(&world);
	check_finding("long", list,
		      "/list: it has over 65536 bytes; split it "
		      "up");
	free(list);
	free(text);
}

static void check_limit(const char *line, size_t n, const char *finding)
{
	char *text = repeat(line, n);
	struct access_list *list = parse(text);

	assert_int_equal(list->n_findings, 0);
	free(list);
	free(text);
	text = repeat(line, n + 1);
	list = parse(text);
	check_finding(line, list, finding);
	free(list);
	free(text);
}

static void test_limits(void **state)
{
	(void)state;
	check_limit("allow br0\n", ACCESS_RULES_MAX,
		    "/list:1025: more than 1024 rules in one list");
	check_limit("include /lab\n", ACCESS_FILES_MAX - 1,
		    "/list:64: include /lab: there are too many includes; put "
		    "some files together");
}

/* Full tables are found out, not overrun. */
static void test_full_tables(void **state)
{
	static const char users[] = "allow br0 user:alice user:alice "
				    "user:alice user:alice user:alice\n";
	static const char vlans[] = "allow br0 vlan=1:2:3:4:5\n";
	char *text = repeat(users, 900);
	struct access_list *list = parse(text);

	(void)state;
	assert_int_equal(list->n_subjects, ACCESS_SUBJECTS_MAX);
	assert_int_equal(list->n_findings, 900 * 5 - ACCESS_SUBJECTS_MAX);
	assert_string_equal(list->findings[0].text,
			    "/list:820: more than 4096 users and groups in one "
			    "list; name a group in their place");
	free(list);
	free(text);
	text = repeat(vlans, 820);
	list = parse(text);
	check_finding(vlans, list,
		      "/list:820: more than 4096 VLANs in one list");
	free(list);
	free(text);
}

/* Words of a file that not everybody may read stay in it. */
static void test_private(void **state)
{
	static const char text[] = "root:secret\nallow br0 user:secret secret "
				   "max=secret\n";
	struct world world = { .text = text,
			       .size = strlen(text),
			       .is_private = true };
	struct access_list *list = parse_world(&world);

	(void)state;
	assert_int_equal(list->n_findings, 4);
	for (unsigned int i = 0; i < list->n_findings; i++) {
		assert_null(strstr(list->findings[i].text, "secret"));
		assert_non_null(strstr(list->findings[i].text, "..."));
	}
	free(list);
}

/* A deep tree of includes costs no more than the table of files has. */
static void test_many_reads(void **state)
{
	char *text = repeat("include /down/1\n", 100);
	struct world world = { .text = text, .size = strlen(text) };
	struct access_list *list = parse_world(&world);

	(void)state;
	assert_int_equal(world.reads, ACCESS_FILES_MAX);
	assert_true(list->n_findings > 0);
	free(list);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_each_defect_is_found),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_long_file),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_full_tables),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_many_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
