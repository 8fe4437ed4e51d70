/* SPDX-License-Identifier: Apache-2.0 */
#include "nic_name.h"

#include "ovs_name.h"
#include "tag.h"

#include <errno.h>

static int fail_exists(const struct link *link, struct fail *fail)
{
	int vm_len = 0;
	const char *vm = tag_find(link->alias, "vm", &vm_len);

	return fail_set(
		fail, FAIL_EXISTS,
		"the interface '%s'%s%.*s exists; give this NIC another "
		"tap=",
		link->name, vm ? " of the guest " : "", vm_len, vm ? vm : "");
}

int nic_name_check(struct link_socket *s, struct ovs *ovs,
		   const struct nic *nic, int64_t deadline, struct fail *fail)
{
	const char *name = nic->want.tap;
	struct link link;
	int rc;

	if (!*name)
		return 0;
	rc = link_get_by_name(s, name, &link);
	if (rc == 0)
		return fail_exists(&link, fail);
	if (rc != -ENODEV)
		return fail_errno(fail, -rc, s->reason, "cannot look for '%s'",
				  name);
	if (nic->attach == ATTACH_OVS || ovs->bridges)
		return ovs_name_await(ovs, name, nic->attach == ATTACH_OVS,
				      deadline, fail);
	return 0;
}
