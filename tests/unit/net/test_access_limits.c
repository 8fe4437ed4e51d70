/* SPDX-License-Identifier: Apache-2.0 */
#include "access_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lists that are too long for something, or are meant to do harm. */

static void test_nul(void **state)
{
	static const char text[] = "allow br0\0\ndeny br-mgmt\n";
	struct world world = { .text = text, .size = sizeof(text) - 1 };
	struct access_list *list = world_parse(&world);

	(void)state;
	check_finding(text, list,
		      "/list:1: byte 9 of the line is the control character "
		      "0x00; take it away");
	free(list);
}

/* Writes `n` times `line`. */
static char *repeat(const char *line, size_t n)
{
	char *text = calloc(n + 1, strlen(line));
	char *end = text;

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		end = stpcpy(end, line);
	return text;
}

/* A line of `len` bytes, most of them a comment. */
static struct access_list *parse_line(int len)
{
	static const char start[] = "allow br0 #";
	char line[2 * ACCESS_LINE_MAX];

	snprintf(line, sizeof(line), "%s%0*d\n", start,
		 len - (int)strlen(start), 0);
	return world_parse_text(line);
}

static void test_long_line(void **state)
{
	struct access_list *list = parse_line(ACCESS_LINE_MAX);

	(void)state;
	assert_int_equal(list->n_findings, 0);
	assert_int_equal(list->n_rules, 1);
	free(list);
	list = parse_line(ACCESS_LINE_MAX + 1);
	check_finding("a long line", list,
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
	list = world_parse(&world);
	assert_int_equal(list->n_findings, 0);
	free(list);
	world.size++;
	list = world_parse(&world);
	check_finding("long", list,
		      "/list: it has over 65536 bytes; split it "
		      "up");
	free(list);
	free(text);
}

static void check_limit(const char *line, size_t n, const char *finding)
{
	char *text = repeat(line, n);
	struct access_list *list = world_parse_text(text);

	assert_int_equal(list->n_findings, 0);
	free(list);
	free(text);
	text = repeat(line, n + 1);
	list = world_parse_text(text);
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
	struct access_list *list = world_parse_text(text);

	(void)state;
	assert_int_equal(list->n_subjects, ACCESS_SUBJECTS_MAX);
	assert_int_equal(list->n_findings, 900 * 5 - ACCESS_SUBJECTS_MAX);
	assert_string_equal(list->findings[0].text,
			    "/list:820: more than 4096 users and groups in one "
			    "list; name a group in their place");
	free(list);
	free(text);
	text = repeat(vlans, 820);
	list = world_parse_text(text);
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
	struct access_list *list = world_parse(&world);

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
	struct access_list *list = world_parse(&world);

	(void)state;
	assert_int_equal(world.reads, ACCESS_FILES_MAX);
	assert_true(list->n_findings > 0);
	free(list);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
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
