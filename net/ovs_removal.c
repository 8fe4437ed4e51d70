/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs.h"

#include <errno.h>
#include <stdlib.h>

static int fail_memory(struct fail *fail)
{
	return fail_errno(fail, ENOMEM, NULL, "cannot remove ports");
}

static int remove_ports(struct ovs *ovs, const char *const *ports, size_t count,
			int64_t deadline, struct fail *fail)
{
	json_t *results;
	size_t ignored;

	if (ovs_transact(ovs, ovs_rows_remove(ports, count), deadline, &results,
			 &ignored, fail) < 0)
		return -1;
	json_decref(results);
	return 0;
}

/* Removes the Ports of an array of rows. */
static int remove_rows(struct ovs *ovs, const json_t *rows, int64_t deadline,
		       struct fail *fail)
{
	const char **ports;
	size_t i, count = 0;
	json_t *row;
	int rc = 0;

	ports = calloc(json_array_size(rows) + 1, sizeof(*ports));
	if (!ports)
		return fail_memory(fail);
	json_array_foreach (rows, i, row) {
		const char *uuid = ovsdb_uuid(json_object_get(row, "_uuid"));

		if (uuid)
			ports[count++] = uuid;
	}
	if (count > 0)
		rc = remove_ports(ovs, ports, count, deadline, fail);
	free(ports);
	return rc;
}

/* Selects Ports. *ret_results is the caller's. */
static int select_ports(struct ovs *ovs, json_t *operations, int64_t deadline,
			json_t **ret_results, struct fail *fail)
{
	size_t ignored;

	if (ovs_connect(ovs, deadline, fail) < 0) {
		json_decref(operations);
		return -1;
	}
	return ovs_transact(ovs, operations, deadline, ret_results, &ignored,
			    fail);
}

int ovs_remove(struct ovs *ovs, const char *id, const char *name,
	       int64_t deadline, struct fail *fail)
{
	json_t *results;
	int rc;

	if (select_ports(ovs, ovs_rows_find(id, name), deadline, &results,
			 fail) < 0)
		return -1;
	rc = remove_rows(ovs, ovsdb_rows(results, 0), deadline, fail);
	json_decref(results);
	return rc;
}

/* Those of the rows that are meant. NULL: memory was short. */
static json_t *choose(const json_t *rows, const struct ovs_sweep *sweep)
{
	json_t *chosen = json_array();
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (!sweep->is_meant(row, sweep->context) ||
		    json_array_append(chosen, row) == 0)
			continue;
		json_decref(chosen);
		return NULL;
	}
	return chosen;
}

static int sweep_rows(struct ovs *ovs, const json_t *rows,
		      const struct ovs_sweep *sweep, int64_t deadline,
		      struct fail *fail)
{
	int rc = sweep->is_dry ? 0 : remove_rows(ovs, rows, deadline, fail);
	json_t *row;
	size_t i;

	if (rc < 0)
		return rc;
	json_array_foreach (rows, i, row)
		sweep->report(row, sweep->context);
	return 0;
}

int ovs_sweep(struct ovs *ovs, const struct ovs_sweep *sweep, int64_t deadline,
	      struct fail *fail)
{
	json_t *results, *chosen;
	int rc;

	if (select_ports(ovs, ovs_rows_list(), deadline, &results, fail) < 0)
		return -1;
	chosen = choose(ovsdb_rows(results, 0), sweep);
	rc = chosen ? sweep_rows(ovs, chosen, sweep, deadline, fail)
		    : fail_memory(fail);
	json_decref(chosen);
	json_decref(results);
	return rc;
}
