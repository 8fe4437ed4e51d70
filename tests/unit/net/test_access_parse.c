/* SPDX-License-Identifier: Apache-2.0 */
#include "access_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
		for (unsigned int j = 0; j < rule->n_taps; j++) {
			const struct access_tap *tap =
				&list->taps[rule->first_tap + j];

			PRINT(" %s%s", tap->name, tap->is_prefix ? "*" : "");
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
	{ "allow br0 tap=web\n", "/list:1 allow br0 web" },
	{ "deny all tap=eth*:wl*:lo\nallow br0 tap=a\n",
	  "/list:1 deny * eth* wl* lo; /list:2 allow br0 a" },
	{ "allow br0 tap=a.b_c-D0:abcdefghijklmno*\n",
	  "/list:1 allow br0 a.b_c-D0 abcdefghijklmno*" },
	{ "allow br0 tap=xk*\n", "/list:1 allow br0 xk*" },
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
		struct access_list *list = world_parse_text(good[i].text);
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

#define NO_NAME(text)                                                         \
	"/list:1: '" text "' is neither a name that a tap can be given, nor " \
	"PREFIX* for all that begin so"

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
	  "group:NAME, max=N, vlan=A-B and tap=NAME" },
	{ "allow br0 br1\n",
	  "/list:1: 'br1' is not known; after the bridge go user:NAME, "
	  "group:NAME, max=N, vlan=A-B and tap=NAME" },
	{ "allow br0 user=alice\n",
	  "/list:1: 'user=alice' is not known; after the bridge go user:NAME, "
	  "group:NAME, max=N, vlan=A-B and tap=NAME" },
	{ "allow br0 tap=a tap=b\n",
	  "/list:1: tap= stands twice; write tap=A:B* for two of them" },
	{ "allow br0 tap=\n", NO_NAME("") },
	{ "allow br0 tap=*\n", NO_NAME("*") },
	{ "allow br0 tap=web:\n", NO_NAME("") },
	{ "allow br0 tap=w*b\n", NO_NAME("w*b") },
	{ "allow br0 tap=0web\n", NO_NAME("0web") },
	{ "allow br0 tap=all\n", NO_NAME("all") },
	{ "allow br0 tap=xk0123456789\n", NO_NAME("xk0123456789") },
	{ "allow br0 tap=abcdefghijklmnop*\n", NO_NAME("abcdefghijklmnop*") },
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
	  "group:NAME, max=N, vlan=A-B and tap=NAME" },
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

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct access_list *list = world_parse_text(bad[i].text);

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
		"user:NAME, group:NAME, max=N, vlan=A-B and tap=NAME",
	};
	struct access_list *list =
		world_parse_text("x\nallow br0\nallow br0 user:bob max=0\n"
				 "include /wrong\n");

	(void)state;
	assert_int_equal(list->n_findings, ARRAY_SIZE(wanted));
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_string_equal(list->findings[i].text, wanted[i]);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_each_defect_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
