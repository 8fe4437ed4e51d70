/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UUID "01234567-89ab-cdef-0123-456789abcdef"

static const struct ovs_owner owner = {
	.id = "0123456789abcdef0123456789abcdef",
	.boot = "boot",
	.network = "4711",
	.uid = 1000,
};

static const struct vlan_set no_trunks;

static struct ovs_port plain_port(void)
{
	return (struct ovs_port){
		.name = "xk0",
		.bridge = "br0",
		.ifindex = 7,
		.trunks = &no_trunks,
		.iface_id = "",
		.mac = "",
		.vm = "",
	};
}

/* Compares a part of the operations with a text, and frees both. */
static void check_json(json_t *got, const char *want)
{
	json_t *json = json_loads(want, 0, NULL);
	char *text = json_dumps(got, JSON_SORT_KEYS);

	if (!json)
		fail_msg("not JSON: %s", want);
	if (!json_equal(got, json))
		fail_msg("%s\nis not %s", text, want);
	free(text);
	json_decref(json);
	json_decref(got);
}

/* The row that adding a port has in one of its operations. */
static json_t *row_of(const struct ovs_port *port, enum ovs_rows_part part)
{
	json_t *operations = ovs_rows_add(&owner, port, 1);
	json_t *row = json_incref(
		json_object_get(json_array_get(operations, part), "row"));

	json_decref(operations);
	return row;
}

#define TAGS                                                    \
	"[\"xkvm-id\",\"0123456789abcdef0123456789abcdef\"],"   \
	"[\"xkvm-boot\",\"boot\"],[\"xkvm-network\",\"4711\"]," \
	"[\"xkvm-uid\",\"1000\"],"                              \
	"[\"xkvm-ifindex\",\"7\"],[\"xkvm-bridge\",\"br0\"]"

static void test_add_one(void **state)
{
	const struct ovs_port port = plain_port();

	(void)state;
	check_json(
		ovs_rows_add(&owner, &port, 1),
		"[{\"op\":\"wait\",\"table\":\"Bridge\",\"timeout\":0,"
		"\"where\":[[\"name\",\"==\",\"br0\"]],\"columns\":[\"name\"],"
		"\"until\":\"==\",\"rows\":[{\"name\":\"br0\"}]},"
		"{\"op\":\"insert\",\"table\":\"Interface\","
		"\"uuid-name\":\"interface0\",\"row\":{\"name\":\"xk0\","
		"\"external_ids\":[\"map\",[" TAGS "]]}},"
		"{\"op\":\"insert\",\"table\":\"Port\",\"uuid-name\":\"port0\","
		"\"row\":{\"name\":\"xk0\","
		"\"interfaces\":[\"named-uuid\",\"interface0\"],"
		"\"external_ids\":[\"map\",[" TAGS "]]}},"
		"{\"op\":\"mutate\",\"table\":\"Bridge\","
		"\"where\":[[\"name\",\"==\",\"br0\"]],"
		"\"mutations\":[[\"ports\",\"insert\","
		"[\"named-uuid\",\"port0\"]]]},"
		"{\"op\":\"mutate\",\"table\":\"Open_vSwitch\",\"where\":[],"
		"\"mutations\":[[\"next_cfg\",\"+=\",1]]},"
		"{\"op\":\"select\",\"table\":\"Open_vSwitch\",\"where\":[],"
		"\"columns\":[\"next_cfg\"]}]");
}

static void test_interface(void **state)
{
	struct ovs_port port = plain_port();

	(void)state;
	port.mtu = 9000;
	port.mac = "52:54:00:00:00:01";
	port.vm = "web";
	port.iface_id = "lport";
	check_json(row_of(&port, OVS_ROWS_INTERFACE),
		   "{\"name\":\"xk0\",\"mtu_request\":9000,"
		   "\"external_ids\":[\"map\",[" TAGS
		   ",[\"iface-id\",\"lport\"],"
		   "[\"attached-mac\",\"52:54:00:00:00:01\"],"
		   "[\"vm-id\",\"web\"]]]}");
}

static void check_vlans(uint32_t vlan, const char *trunks, const char *want)
{
	struct vlan_set set = { 0 };
	struct ovs_port port = plain_port();
	json_t *row;

	if (*trunks)
		assert_true(vlan_set_parse(trunks, strlen(trunks), &set));
	port.vlan = vlan;
	port.trunks = &set;
	row = row_of(&port, OVS_ROWS_PORT);
	json_object_del(row, "name");
	json_object_del(row, "interfaces");
	json_object_del(row, "external_ids");
	check_json(row, want);
}

static void test_vlans(void **state)
{
	(void)state;
	check_vlans(0, "", "{}");
	check_vlans(5, "", "{\"vlan_mode\":\"access\",\"tag\":5}");
	check_vlans(0, "9:1-3",
		    "{\"vlan_mode\":\"trunk\","
		    "\"trunks\":[\"set\",[1,2,3,9]]}");
	check_vlans(5, "7",
		    "{\"vlan_mode\":\"native-untagged\",\"tag\":5,"
		    "\"trunks\":[\"set\",[7]]}");
}

/* The MACs that are known are looked for at the end, in order. */
static void test_add_several(void **state)
{
	const size_t first = 3 * OVS_ROWS_PER_PORT + OVS_ROWS_ENDS;
	struct ovs_port ports[] = { plain_port(), plain_port(), plain_port() };
	json_t *operations;

	(void)state;
	ports[0].mac = "52:54:00:00:00:01";
	ports[2].mac = "52:54:00:00:00:02";
	ports[2].bridge = "br1";
	operations = ovs_rows_add(&owner, ports, 3);
	assert_int_equal(json_array_size(operations), first + 2);
	check_json(json_incref(json_array_get(operations, first + 1)),
		   "{\"op\":\"select\",\"table\":\"Interface\","
		   "\"where\":[[\"external_ids\",\"includes\",[\"map\","
		   "[[\"xkvm-bridge\",\"br1\"],"
		   "[\"attached-mac\",\"52:54:00:00:00:02\"]]]]],"
		   "\"columns\":[\"name\",\"external_ids\"]}");
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(operations,
				       OVS_ROWS_PER_PORT * 2 + OVS_ROWS_PORT),
			"uuid-name")),
		"port2");
	json_decref(operations);
}

static void test_verify(void **state)
{
	const char *const interfaces[] = { UUID };

	(void)state;
	check_json(ovs_rows_verify(interfaces, 1),
		   "[{\"op\":\"select\",\"table\":\"Interface\","
		   "\"where\":[[\"_uuid\",\"==\",[\"uuid\",\"" UUID "\"]]],"
		   "\"columns\":[\"ofport\",\"error\"]}]");
}

static void test_find(void **state)
{
	(void)state;
	check_json(ovs_rows_find("id", NULL),
		   "[{\"op\":\"select\",\"table\":\"Port\","
		   "\"where\":[[\"external_ids\",\"includes\","
		   "[\"map\",[[\"xkvm-id\",\"id\"]]]]],"
		   "\"columns\":[\"_uuid\"]}]");
	check_json(ovs_rows_find("id", "xk0"),
		   "[{\"op\":\"select\",\"table\":\"Port\","
		   "\"where\":[[\"external_ids\",\"includes\","
		   "[\"map\",[[\"xkvm-id\",\"id\"]]]],"
		   "[\"name\",\"==\",\"xk0\"]],"
		   "\"columns\":[\"_uuid\"]}]");
}

static void test_remove(void **state)
{
	const char *const ports[] = { UUID };

	(void)state;
	check_json(ovs_rows_remove(ports, 1),
		   "[{\"op\":\"mutate\",\"table\":\"Bridge\","
		   "\"where\":[[\"ports\",\"includes\","
		   "[\"uuid\",\"" UUID "\"]]],"
		   "\"mutations\":[[\"ports\",\"delete\","
		   "[\"uuid\",\"" UUID "\"]]]},"
		   "{\"op\":\"mutate\",\"table\":\"Open_vSwitch\","
		   "\"where\":[],\"mutations\":[[\"next_cfg\",\"+=\",1]]}]");
}

static void test_lists(void **state)
{
	(void)state;
	check_json(ovs_rows_list(),
		   "[{\"op\":\"select\",\"table\":\"Port\",\"where\":[],"
		   "\"columns\":[\"_uuid\",\"name\",\"external_ids\"]}]");
	check_json(ovs_rows_of_user("br-int", 4294967295),
		   "[{\"op\":\"select\",\"table\":\"Interface\","
		   "\"where\":[[\"external_ids\",\"includes\",[\"map\","
		   "[[\"xkvm-bridge\",\"br-int\"],"
		   "[\"xkvm-uid\",\"4294967295\"]]]]],"
		   "\"columns\":[\"name\",\"external_ids\"]}]");
	check_json(ovs_rows_bridges(),
		   "[{\"op\":\"select\",\"table\":\"Bridge\",\"where\":[],"
		   "\"columns\":[\"name\"]}]");
}

static void test_await_free(void **state)
{
	(void)state;
	check_json(ovs_rows_await_free("web0", 1000),
		   "[{\"op\":\"wait\",\"table\":\"Interface\","
		   "\"timeout\":1000,\"where\":[[\"name\",\"==\",\"web0\"]],"
		   "\"columns\":[\"name\"],\"until\":\"==\",\"rows\":[]},"
		   "{\"op\":\"wait\",\"table\":\"Port\","
		   "\"timeout\":1000,\"where\":[[\"name\",\"==\",\"web0\"]],"
		   "\"columns\":[\"name\"],\"until\":\"==\",\"rows\":[]},"
		   "{\"op\":\"mutate\",\"table\":\"Open_vSwitch\","
		   "\"where\":[],\"mutations\":[[\"next_cfg\",\"+=\",1]]},"
		   "{\"op\":\"select\",\"table\":\"Open_vSwitch\","
		   "\"where\":[],\"columns\":[\"next_cfg\"]}]");
}

/* A text that JSON cannot have, as a name may from outside: no operations. */
static void test_not_text(void **state)
{
	struct ovs_port port = plain_port();

	(void)state;
	port.vm = "\xff";
	assert_null(ovs_rows_add(&owner, &port, 1));
	port = plain_port();
	port.bridge = "\xff";
	assert_null(ovs_rows_add(&owner, &port, 1));
	assert_false(ovs_rows_take_text("a\xff"));
	assert_false(ovs_rows_take_text("\xc3"));
	assert_true(ovs_rows_take_text("\xc3\xa4"));
	assert_true(ovs_rows_take_text(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_one),
		cmocka_unit_test(test_interface),
		cmocka_unit_test(test_vlans),
		cmocka_unit_test(test_add_several),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_await_free),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_not_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
