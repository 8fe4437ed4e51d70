/* SPDX-License-Identifier: Apache-2.0 */
#include "host/qemu_schema.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "check.h"

/* A schema in QEMU's form, with one of each thing that is looked for. The names
 * of types are numbers in QEMU's, and mean nothing. */
static const char SMALL[] =
	"[{'name': 'quit', 'meta-type': 'command', 'arg-type': '0'},"
	" {'name': 'blockdev-add', 'meta-type': 'command', 'arg-type': '1'},"
	" {'name': 'netdev_add', 'meta-type': 'command', 'arg-type': '2'},"
	" {'name': '0', 'meta-type': 'object', 'members': []},"
	" {'name': '1', 'meta-type': 'object', 'tag': 'driver',"
	"  'members': [{'name': 'driver', 'type': 'str'},"
	"              {'name': 'cache', 'type': '10'}],"
	"  'variants': [{'case': 'raw', 'type': '11'},"
	"               {'case': 'qcow2', 'type': '12'},"
	"               {'case': 'file', 'type': '13'},"
	"               {'case': 'nbd', 'type': '14'}]},"
	" {'name': '10', 'meta-type': 'object',"
	"  'members': [{'name': 'direct', 'type': 'bool'}]},"
	" {'name': '11', 'meta-type': 'object',"
	"  'members': [{'name': 'offset', 'type': 'int'},"
	"              {'name': 'file', 'type': '15'}]},"
	" {'name': '12', 'meta-type': 'object',"
	"  'members': [{'name': 'backing', 'type': '15'},"
	"              {'name': 'lazy-refcounts', 'type': 'bool'}]},"
	" {'name': '13', 'meta-type': 'object',"
	"  'members': [{'name': 'locking', 'type': '16'}]},"
	" {'name': '14', 'meta-type': 'object',"
	"  'members': [{'name': 'server', 'type': '10'}]},"
	" {'name': '15', 'meta-type': 'alternate'},"
	" {'name': '16', 'meta-type': 'enum'},"
	" {'name': '2', 'meta-type': 'object',"
	"  'variants': [{'case': 'user', 'type': '20'},"
	"               {'case': 'tap', 'type': '21'}]},"
	" {'name': '20', 'meta-type': 'object',"
	"  'members': [{'name': 'hostfwd', 'type': '[str]'}]},"
	" {'name': '21', 'meta-type': 'object',"
	"  'members': [{'name': 'vhost', 'type': 'bool'},"
	"              {'name': 'queues', 'type': 'int'}]}]";

/* JSON with apostrophes for quotes. */
static json_t *parse(const char *text)
{
	cleanup_free char *copy = xstrdup(text);

	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	json_t *json = json_loads(copy, JSON_DECODE_ANY, NULL);
	assert_non_null(json);
	return json;
}

static void check_list(const char *row, struct strv *list, const char *want)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < list->count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "", list->items[i]);
	check_text(row, strbuf_str(&sb), want);
	strv_done(list);
}

static void check_schema(const char *text, const char *block, const char *user,
			 const char *tap)
{
	cleanup_json json_t *schema = parse(text);
	struct qemu_facts qemu = { 0 };

	qemu_schema_read(schema, &qemu);
	assert_true(qemu.has_schema);
	check_list(text, &qemu.block_options, block);
	check_list(text, &qemu.user_options, user);
	check_list(text, &qemu.tap_options, tap);
}

/* A protocol's options stand behind "file."; one that holds an object is there
 * with a dot as well. Of nbd, which no disk is opened by, there is nothing. */
static void test_small(void **state)
{
	(void)state;
	check_schema(SMALL,
		     "driver cache cache. file.driver file.cache file.cache. "
		     "offset file backing backing. lazy-refcounts "
		     "file.locking",
		     "hostfwd", "vhost queues");
}

#define BLOCKDEV "[{'name': 'blockdev-add', 'arg-type': '1'}"

/* What is not as expected has no options, and is no error. */
static void test_unexpected(void **state)
{
	static const char *const texts[] = {
		"null",
		"{}",
		"[]",
		"7",
		"[null, 7, 'x', []]",
		"[{'name': 7}]",
		"[{'name': 'blockdev-add'}, {'name': 'netdev_add'}]",
		BLOCKDEV "]",
		"[{'name': 'blockdev-add', 'arg-type': 'blockdev-add'}]",
		BLOCKDEV ", {'name': '1', 'members': {}, 'variants': 7}]",
		BLOCKDEV ", {'name': '1', 'members': [{}, {'name': ''}, 7]}]",
		BLOCKDEV ", {'name': '1', 'variants': [7, {}, "
			 "{'case': 'raw'}, {'case': 'qcow2', 'type': '2'}]}]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		check_schema(texts[i], "", "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_unexpected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
