/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs.h"

#include "deadline.h"
#include "ovs_taps.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of asm/socket.h since Linux 5.14; no other number is in use with glibc. */
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"

void ovs_init(struct ovs *ret, const char *path)
{
	*ret = (struct ovs){ .path = path, .db = OVSDB_CLOSED };
}

void ovs_close(struct ovs *ovs)
{
	ovsdb_close(&ovs->db);
	json_decref(ovs->bridges);
	ovs->bridges = NULL;
}

static int read_boot_id(char ret[static OVS_BOOT_SIZE], struct fail *fail)
{
	int fd = open(BOOT_ID_PATH, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, ret, OVS_BOOT_SIZE - 1);

	if (len != OVS_BOOT_SIZE - 1)
		fail_errno(fail, len < 0 ? errno : EIO, NULL,
			   "cannot read " BOOT_ID_PATH);
	if (fd >= 0)
		close(fd);
	if (len != OVS_BOOT_SIZE - 1)
		return -1;
	ret[OVS_BOOT_SIZE - 1] = '\0';
	return 0;
}

/* Empty where the kernel has none (Linux before 5.14). */
static int read_network(char ret[static OVS_NETWORK_SIZE], struct fail *fail)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie;
	socklen_t size = sizeof(cookie);
	int rc = 0;

	if (fd < 0)
		return fail_errno(fail, errno, NULL, "no socket");
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == 0)
		snprintf(ret, OVS_NETWORK_SIZE, "%" PRIu64, cookie);
	else if (errno == ENOPROTOOPT)
		*ret = '\0';
	else
		rc = fail_errno(fail, errno, NULL,
				"cannot tell which network this is");
	close(fd);
	return rc;
}

int ovs_owner_init(struct ovs_owner *ret, uid_t uid, struct fail *fail)
{
	uint64_t random[2];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return fail_errno(fail, errno, NULL, "no random id");
	snprintf(ret->id, sizeof(ret->id), "%016" PRIx64 "%016" PRIx64,
		 random[0], random[1]);
	ret->uid = uid;
	if (read_network(ret->network, fail) < 0)
		return -1;
	return read_boot_id(ret->boot, fail);
}

int ovs_transact(struct ovs *ovs, json_t *operations, int64_t deadline,
		 json_t **ret_results, size_t *ret_failed, struct fail *fail)
{
	const size_t count = json_array_size(operations);

	*ret_failed = count;
	if (ovsdb_transact(&ovs->db, operations, deadline, ret_results, fail) <
	    0)
		return -1;
	if (ovsdb_check_results(*ret_results, count, ret_failed, fail) == 0)
		return 0;
	json_decref(*ret_results);
	return -1;
}

int ovs_connect(struct ovs *ovs, int64_t deadline, struct fail *fail)
{
	if (ovs->db.fd >= 0)
		return 0;
	return ovsdb_open(&ovs->db, ovs->path, deadline, fail);
}

int ovs_ask(struct ovs *ovs, int64_t deadline, struct fail *fail)
{
	json_t *results;
	size_t ignored;

	if (ovs->bridges)
		return 0;
	if (ovs_connect(ovs, deadline, fail) < 0 ||
	    ovs_transact(ovs, ovs_rows_bridges(), deadline, &results, &ignored,
			 fail) < 0)
		return -1;
	ovs->bridges = json_incref(ovsdb_rows(results, 0));
	json_decref(results);
	if (!ovs->bridges)
		return fail_set(fail, FAIL_OVS,
				"Open vSwitch's database lists no bridges");
	return 0;
}

bool ovs_has_bridge(const struct ovs *ovs, const char *name)
{
	size_t i;
	const json_t *row;

	json_array_foreach (ovs->bridges, i, row) {
		const char *bridge =
			json_string_value(json_object_get(row, "name"));

		if (bridge && strcmp(bridge, name) == 0)
			return true;
	}
	return false;
}

/* --- adding --------------------------------------------------------------- */

/* What one call of ovs_add() is about. */
struct addition {
	struct ovs *ovs;
	struct link_socket *links;
	const struct ovs_owner *owner;
	const struct ovs_port *ports;
	size_t count;
	int64_t deadline;
	struct ovs_made *made;
	size_t *failed;
};

/* Says what an operation's failure means for its port. */
static int fail_insertion(const struct addition *add, size_t operation,
			  struct fail *fail)
{
	const size_t number = operation / OVS_ROWS_PER_PORT;

	if (number >= add->count)
		return -1;
	*add->failed = number;
	if (operation % OVS_ROWS_PER_PORT == OVS_ROWS_BRIDGE)
		fail_set(fail, FAIL_NOBRIDGE,
			 "Open vSwitch has no bridge '%s' any more",
			 add->ports[number].bridge);
	return -1;
}

/* Are the Interfaces with one MAC all ours, or of taps that are no more? */
static int check_mac(const struct addition *add, const struct ovs_port *port,
		     const json_t *rows, struct fail *fail)
{
	size_t i;
	const json_t *row;

	json_array_foreach (rows, i, row) {
		const char *name =
			json_string_value(json_object_get(row, "name"));
		const json_t *tags = json_object_get(row, "external_ids");
		const char *vm = ovsdb_map_text(tags, "vm-id");

		if (!name || strcmp(name, port->name) == 0 ||
		    !ovs_has_tap(add->links, name, tags))
			continue;
		return fail_set(fail, FAIL_MAC,
				"mac=%s is in use on '%s' by the tap "
				"'%s'%s%s; give this NIC another mac=",
				port->mac, port->bridge, name,
				vm ? " of the guest " : "", vm ? vm : "");
	}
	return 0;
}

static int check_macs(const struct addition *add, const json_t *results,
		      struct fail *fail)
{
	size_t next = add->count * OVS_ROWS_PER_PORT + OVS_ROWS_ENDS;

	for (size_t i = 0; i < add->count; i++) {
		if (!*add->ports[i].mac)
			continue;
		*add->failed = i;
		if (check_mac(add, &add->ports[i], ovsdb_rows(results, next++),
			      fail) < 0)
			return -1;
	}
	*add->failed = add->count;
	return 0;
}

static int keep_uuids(const struct addition *add, const json_t *results,
		      struct fail *fail)
{
	for (size_t i = 0; i < add->count; i++) {
		const size_t first = i * OVS_ROWS_PER_PORT;
		const char *uuid =
			ovsdb_inserted(results, first + OVS_ROWS_PORT);
		const char *interface =
			ovsdb_inserted(results, first + OVS_ROWS_INTERFACE);

		if (!uuid || !interface)
			return fail_set(fail, FAIL_OVS,
					"Open vSwitch's database names no row "
					"for the tap '%s'",
					add->ports[i].name);
		memcpy(add->made[i].uuid, uuid, NET_UUID_SIZE);
		memcpy(add->made[i].interface, interface, NET_UUID_SIZE);
	}
	return 0;
}

/* Puts the rows into the database. Returns the next_cfg, or -1. */
static json_int_t insert(const struct addition *add, struct fail *fail)
{
	const size_t number = add->count * OVS_ROWS_PER_PORT + OVS_ROWS_NUMBER;
	json_int_t request = -1;
	json_t *results;
	size_t operation;

	if (ovs_transact(add->ovs,
			 ovs_rows_add(add->owner, add->ports, add->count),
			 add->deadline, &results, &operation, fail) < 0)
		return fail_insertion(add, operation, fail);
	if (keep_uuids(add, results, fail) == 0 &&
	    check_macs(add, results, fail) == 0)
		request = json_integer_value(json_object_get(
			json_array_get(ovsdb_rows(results, number), 0),
			"next_cfg"));
	json_decref(results);
	return request;
}

static bool has_reached(const json_t *value, const void *request)
{
	return json_integer_value(value) >= *(const json_int_t *)request;
}

static int await_switch(const struct addition *add, json_int_t request,
			struct fail *fail)
{
	if (ovsdb_await(&add->ovs->db, "Open_vSwitch", "cur_cfg", has_reached,
			&request, add->deadline, fail) == 0)
		return 0;
	if (deadline_left(add->deadline) == 0)
		fail_set(fail, FAIL_OVS,
			 "the switch did not take the port in time, though its "
			 "database did; is ovs-vswitchd running?");
	return -1;
}

static int verify_port(const struct ovs_port *port, const json_t *row,
		       struct fail *fail)
{
	const char *error = json_string_value(
		ovsdb_optional(json_object_get(row, "error")));
	json_int_t number = json_integer_value(
		ovsdb_optional(json_object_get(row, "ofport")));

	if (number > 0 && (!error || !*error))
		return 0;
	return fail_set(fail, FAIL_OVS,
			"Open vSwitch did not take the tap '%s' as a port of "
			"'%s': %s",
			port->name, port->bridge,
			error && *error ? error : "it gave it no port number");
}

static int verify(const struct addition *add, struct fail *fail)
{
	const char *interfaces[NET_NICS_MAX];
	json_t *results;
	size_t ignored;
	int rc = 0;

	for (size_t i = 0; i < add->count; i++)
		interfaces[i] = add->made[i].interface;
	if (ovs_transact(add->ovs, ovs_rows_verify(interfaces, add->count),
			 add->deadline, &results, &ignored, fail) < 0)
		return -1;
	for (size_t i = 0; i < add->count && rc == 0; i++) {
		rc = verify_port(&add->ports[i],
				 json_array_get(ovsdb_rows(results, i), 0),
				 fail);
		if (rc < 0)
			*add->failed = i;
	}
	json_decref(results);
	return rc;
}

int ovs_add(struct ovs *ovs, struct link_socket *links,
	    const struct ovs_owner *owner, const struct ovs_port *ports,
	    size_t count, int64_t deadline, struct ovs_made *ret,
	    size_t *ret_failed, struct fail *fail)
{
	const struct addition add = { ovs,   links,    owner, ports,
				      count, deadline, ret,   ret_failed };
	json_int_t request;

	*ret_failed = count;
	request = insert(&add, fail);
	if (request < 0 || await_switch(&add, request, fail) < 0)
		return -1;
	return verify(&add, fail);
}
