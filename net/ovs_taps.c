/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs_taps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int ovs_tap_get(struct link_socket *links, const char *name, const json_t *tags,
		struct link *ret)
{
	const char *ifindex = ovsdb_map_text(tags, "xkvm-ifindex");
	struct link link;
	int rc;

	if (!name || !ifindex)
		return -ENODEV;
	rc = link_get_by_index(links, (uint32_t)strtoul(ifindex, NULL, 10),
			       &link);
	if (rc < 0)
		return rc;
	if (strcmp(link.name, name) != 0)
		return -ENODEV;
	*ret = link;
	return 0;
}

bool ovs_has_tap(struct link_socket *links, const char *name,
		 const json_t *tags)
{
	struct link ignored;

	return ovs_tap_get(links, name, tags, &ignored) != -ENODEV;
}

static int list(const json_t *rows, struct link_socket *links, struct link *ret,
		unsigned int size, struct fail *fail)
{
	unsigned int count = 0;
	size_t i;
	const json_t *row;

	json_array_foreach (rows, i, row) {
		struct link link;
		int rc = ovs_tap_get(
			links, json_string_value(json_object_get(row, "name")),
			json_object_get(row, "external_ids"), &link);

		if (rc < 0 && rc != -ENODEV)
			return fail_errno(fail, -rc, links->reason,
					  "cannot look at the taps of Open "
					  "vSwitch");
		if (rc == 0 && count < size)
			ret[count] = link;
		count += rc == 0;
	}
	return (int)count;
}

int ovs_taps_list(struct ovs *ovs, struct link_socket *links,
		  const char *bridge, uid_t uid, int64_t deadline,
		  struct link *ret, unsigned int size, struct fail *fail)
{
	json_t *results;
	size_t ignored;
	int rc;

	if (ovsdb_transact(&ovs->db, ovs_rows_of_user(bridge, uid), deadline,
			   &results, fail) < 0)
		return -1;
	rc = ovsdb_check_results(results, 1, &ignored, fail);
	if (rc == 0)
		rc = list(ovsdb_rows(results, 0), links, ret, size, fail);
	json_decref(results);
	return rc;
}
