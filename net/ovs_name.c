/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs_name.h"

#include "deadline.h"

/* A guardian takes some milliseconds. */
#define GONE_MS 1000

static bool has_reached(const json_t *value, const void *request)
{
	return json_integer_value(value) >= *(const json_int_t *)request;
}

/* Has the rows go that the name was in. Returns the next_cfg, or -1. */
static json_int_t await_rows(struct ovs *ovs, const char *name,
			     int64_t deadline, struct fail *fail)
{
	json_int_t request = -1;
	json_t *results;
	size_t operation = OVS_ROWS_FREE_REQUEST;

	if (ovsdb_transact(&ovs->db, ovs_rows_await_free(name, GONE_MS),
			   deadline, &results, fail) < 0)
		return -1;
	if (ovsdb_check_results(results, OVS_ROWS_FREE_ENDS, &operation,
				fail) == 0)
		request = json_integer_value(json_object_get(
			json_array_get(
				ovsdb_rows(results, OVS_ROWS_FREE_NUMBER), 0),
			"next_cfg"));
	else if (operation < OVS_ROWS_FREE_REQUEST)
		fail_set(fail, FAIL_EXISTS,
			 "Open vSwitch has a port '%s'; give this NIC another "
			 "tap=, or, where no interface has that name any more, "
			 "remove the port ('xkvm gc', or 'ovs-vsctl del-port "
			 "%s' where it is none of ours)",
			 name, name);
	json_decref(results);
	return request;
}

int ovs_name_await(struct ovs *ovs, const char *name, bool is_port,
		   int64_t deadline, struct fail *fail)
{
	json_int_t request = await_rows(ovs, name, deadline, fail);

	if (request < 0)
		return -1;
	if (!is_port || ovsdb_await(&ovs->db, "Open_vSwitch", "cur_cfg",
				    has_reached, &request, deadline, fail) == 0)
		return 0;
	if (deadline_left(deadline) == 0)
		fail_set(
			fail, FAIL_OVS,
			"the switch does not answer, though its database does; "
			"is ovs-vswitchd running?");
	return -1;
}
