/* SPDX-License-Identifier: Apache-2.0 */
#include "nic_quota.h"

#include "ovs_taps.h"

static bool is_of_user(const struct link *port, const void *uid)
{
	return tag_has_uid(port->alias, *(const uid_t *)uid);
}

static int list_ports(struct link_socket *s, const struct link *bridge,
		      uid_t uid, struct link *ret, struct fail *fail)
{
	int rc = link_list(s, bridge->index, is_of_user, &uid, ret,
			   PERMIT_NAMED_MAX);

	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot list the ports of '%s'",
				  bridge->name);
	return rc;
}

int nic_quota_check(struct link_socket *s, struct ovs *ovs,
		    const struct permit *permit, const struct nic *nic,
		    unsigned int n, int64_t deadline, struct fail *fail)
{
	const char *bridge = nic->want.bridge;
	const uid_t uid = permit->client.uid;
	struct link taps[PERMIT_NAMED_MAX];
	int count;

	if (!nic->rule || !nic->rule->max)
		return 0;
	count = nic->attach == ATTACH_OVS
			? ovs_taps_list(ovs, s, bridge, uid, deadline, taps,
					PERMIT_NAMED_MAX, fail)
			: list_ports(s, &nic->bridge, uid, taps, fail);
	if (count < 0)
		return -1;
	return permit_check_quota(permit, nic->rule, bridge, taps,
				  (unsigned int)count, n, fail);
}
