/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs_rows.h"

#include <stdio.h>

#define NAME_SIZE 32
#define NUMBER_SIZE 16

/* Adds an operation; once one could not be, there are none. */
static json_t *append(json_t *operations, json_t *operation)
{
	if (json_array_append_new(operations, operation) == 0)
		return operations;
	json_decref(operations);
	return NULL;
}

/* The keys and texts of a map, the empty ones left out. */
static json_t *make_map(const char *const (*pairs)[2], size_t count)
{
	json_t *elements = json_array();

	for (size_t i = 0; i < count; i++)
		if (*pairs[i][1])
			elements = append(elements,
					  json_pack("[s, s]", pairs[i][0],
						    pairs[i][1]));
	return json_pack("[s, o]", "map", elements);
}

/* The external_ids of a Port, or of an Interface: what controllers look for
 * stands there. */
static json_t *make_tags(const struct ovs_owner *owner,
			 const struct ovs_port *port, bool is_interface)
{
	char uid[NUMBER_SIZE], ifindex[NUMBER_SIZE];
	const char *const pairs[][2] = {
		{ "xkvm-id", owner->id },
		{ "xkvm-boot", owner->boot },
		{ "xkvm-network", owner->network },
		{ "xkvm-uid", uid },
		{ "xkvm-ifindex", ifindex },
		{ "xkvm-bridge", port->bridge },
		{ "iface-id", port->iface_id },
		{ "attached-mac", port->mac },
		{ "vm-id", port->vm },
	};
	const size_t count = sizeof(pairs) / sizeof(pairs[0]);

	snprintf(uid, sizeof(uid), "%u", owner->uid);
	snprintf(ifindex, sizeof(ifindex), "%u", port->ifindex);
	return make_map(pairs, is_interface ? count : count - 3);
}

static json_t *insert(const char *table, const char *name, json_t *row)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "op", "insert", "table", table,
			 "uuid-name", name, "row", row);
}

static json_t *insert_interface(const struct ovs_owner *owner,
				const struct ovs_port *port, const char *name)
{
	json_t *row = json_pack("{s:s, s:o}", "name", port->name,
				"external_ids", make_tags(owner, port, true));

	if (row && port->mtu &&
	    json_object_set_new(row, "mtu_request", json_integer(port->mtu)) <
		    0) {
		json_decref(row);
		row = NULL;
	}
	return insert("Interface", name, row);
}

static json_t *make_trunks(const struct vlan_set *set)
{
	json_t *vlans = json_array();
	struct vlan_range range = { 0 };

	while (vlan_set_next(set, range.last + 1, &range))
		for (uint32_t vlan = range.first; vlan <= range.last; vlan++)
			vlans = append(vlans, json_integer(vlan));
	return json_pack("[s, o]", "set", vlans);
}

/* Without trunks, a tag alone makes an access port. */
static json_t *make_vlans(const struct ovs_port *port)
{
	if (vlan_set_is_empty(port->trunks))
		return port->vlan ? json_pack("{s:s, s:i}", "vlan_mode",
					      "access", "tag", port->vlan)
				  : json_object();
	return port->vlan ? json_pack("{s:s, s:i, s:o}", "vlan_mode",
				      "native-untagged", "tag", port->vlan,
				      "trunks", make_trunks(port->trunks))
			  : json_pack("{s:s, s:o}", "vlan_mode", "trunk",
				      "trunks", make_trunks(port->trunks));
}

static json_t *insert_port(const struct ovs_owner *owner,
			   const struct ovs_port *port, const char *name,
			   const char *interface)
{
	json_t *vlans = make_vlans(port);
	json_t *row = json_pack("{s:s, s:[s, s], s:o}", "name", port->name,
				"interfaces", "named-uuid", interface,
				"external_ids", make_tags(owner, port, false));

	if (json_object_update(row, vlans) < 0) {
		json_decref(row);
		row = NULL;
	}
	json_decref(vlans);
	return insert("Port", name, row);
}

static json_t *await_bridge(const char *bridge)
{
	return json_pack(
		"{s:s, s:s, s:i, s:[[s, s, s]], s:[s], s:s, s:[{s:s}]}", "op",
		"wait", "table", "Bridge", "timeout", 0, "where", "name",
		"==", bridge, "columns", "name", "until", "==", "rows", "name",
		bridge);
}

static json_t *join(const char *bridge, const char *port)
{
	return json_pack("{s:s, s:s, s:[[s, s, s]], s:[[s, s, [s, s]]]}", "op",
			 "mutate", "table", "Bridge", "where", "name",
			 "==", bridge, "mutations", "ports", "insert",
			 "named-uuid", port);
}

/* The switch sets cur_cfg to next_cfg when it has done what was asked. */
static json_t *append_request(json_t *operations)
{
	return append(operations,
		      json_pack("{s:s, s:s, s:[], s:[[s, s, i]]}", "op",
				"mutate", "table", "Open_vSwitch", "where",
				"mutations", "next_cfg", "+=", 1));
}

/* The same, and a select of that next_cfg. */
static json_t *append_numbered_request(json_t *operations)
{
	operations = append_request(operations);
	return append(operations, json_pack("{s:s, s:s, s:[], s:[s]}", "op",
					    "select", "table", "Open_vSwitch",
					    "where", "columns", "next_cfg"));
}

static json_t *append_port(json_t *operations, const struct ovs_owner *owner,
			   const struct ovs_port *port, size_t number)
{
	char interface[NAME_SIZE], name[NAME_SIZE];

	snprintf(interface, sizeof(interface), "interface%zu", number);
	snprintf(name, sizeof(name), "port%zu", number);
	operations = append(operations, await_bridge(port->bridge));
	operations =
		append(operations, insert_interface(owner, port, interface));
	operations =
		append(operations, insert_port(owner, port, name, interface));
	return append(operations, join(port->bridge, name));
}

static json_t *select_same_mac(const struct ovs_port *port)
{
	return json_pack("{s:s, s:s, s:[[s, s, [s, [[s, s], [s, s]]]]], "
			 "s:[s, s]}",
			 "op", "select", "table", "Interface", "where",
			 "external_ids", "includes", "map", "xkvm-bridge",
			 port->bridge, "attached-mac", port->mac, "columns",
			 "name", "external_ids");
}

json_t *ovs_rows_add(const struct ovs_owner *owner,
		     const struct ovs_port *ports, size_t count)
{
	json_t *operations = json_array();

	for (size_t i = 0; i < count; i++)
		operations = append_port(operations, owner, &ports[i], i);
	operations = append_numbered_request(operations);
	for (size_t i = 0; i < count; i++)
		if (*ports[i].mac)
			operations =
				append(operations, select_same_mac(&ports[i]));
	return operations;
}

static json_t *await_none(const char *table, const char *name, int timeout)
{
	return json_pack("{s:s, s:s, s:i, s:[[s, s, s]], s:[s], s:s, s:[]}",
			 "op", "wait", "table", table, "timeout", timeout,
			 "where", "name", "==", name, "columns", "name",
			 "until", "==", "rows");
}

json_t *ovs_rows_await_free(const char *name, int timeout)
{
	json_t *operations = json_array();

	operations = append(operations, await_none("Interface", name, timeout));
	operations = append(operations, await_none("Port", name, timeout));
	return append_numbered_request(operations);
}

json_t *ovs_rows_verify(const char *const *interfaces, size_t count)
{
	json_t *operations = json_array();

	for (size_t i = 0; i < count; i++)
		operations = append(
			operations,
			json_pack("{s:s, s:s, s:[[s, s, [s, s]]], s:[s, s]}",
				  "op", "select", "table", "Interface", "where",
				  "_uuid", "==", "uuid", interfaces[i],
				  "columns", "ofport", "error"));
	return operations;
}

json_t *ovs_rows_find(const char *id, const char *name)
{
	json_t *where = json_pack("[[s, s, [s, [[s, s]]]]]", "external_ids",
				  "includes", "map", "xkvm-id", id);

	if (name)
		where = append(where,
			       json_pack("[s, s, s]", "name", "==", name));
	return json_pack("[{s:s, s:s, s:o, s:[s]}]", "op", "select", "table",
			 "Port", "where", where, "columns", "_uuid");
}

json_t *ovs_rows_of_user(const char *bridge, uid_t uid)
{
	char text[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%u", uid);
	return json_pack("[{s:s, s:s, s:[[s, s, [s, [[s, s], [s, s]]]]], "
			 "s:[s, s]}]",
			 "op", "select", "table", "Interface", "where",
			 "external_ids", "includes", "map", "xkvm-bridge",
			 bridge, "xkvm-uid", text, "columns", "name",
			 "external_ids");
}

json_t *ovs_rows_list(void)
{
	return json_pack("[{s:s, s:s, s:[], s:[s, s, s]}]", "op", "select",
			 "table", "Port", "where", "columns", "_uuid", "name",
			 "external_ids");
}

/* A Port that no bridge has any more is gone, and so is its Interface. */
static json_t *leave(const char *port)
{
	return json_pack("{s:s, s:s, s:[[s, s, [s, s]]], s:[[s, s, [s, s]]]}",
			 "op", "mutate", "table", "Bridge", "where", "ports",
			 "includes", "uuid", port, "mutations", "ports",
			 "delete", "uuid", port);
}

json_t *ovs_rows_remove(const char *const *ports, size_t count)
{
	json_t *operations = json_array();

	for (size_t i = 0; i < count; i++)
		operations = append(operations, leave(ports[i]));
	return append_request(operations);
}

bool ovs_rows_take_text(const char *text)
{
	json_t *json = json_string(text);

	json_decref(json);
	return json;
}

json_t *ovs_rows_bridges(void)
{
	return json_pack("[{s:s, s:s, s:[], s:[s]}]", "op", "select", "table",
			 "Bridge", "where", "columns", "name");
}
