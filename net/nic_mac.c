/* SPDX-License-Identifier: Apache-2.0 */
#include "nic_mac.h"

#include "tag.h"

#include <string.h>

int nic_mac_check_asked(const struct nic_list *list, unsigned int i,
			struct fail *fail)
{
	const struct nic *nic = &list->nics[i];
	const struct add *want = &nic->want;
	char mac[MAC_TEXT_SIZE];

	for (unsigned int j = 0; j < i && want->has_mac; j++) {
		const struct add *other = &list->nics[j].want;

		if (!other->has_mac || list->nics[j].attach != nic->attach ||
		    strcmp(want->bridge, other->bridge) != 0 ||
		    memcmp(want->mac, other->mac, sizeof(want->mac)) != 0)
			continue;
		mac_format(want->mac, mac);
		return fail_set(fail, FAIL_MAC,
				"NICs %u and %u both ask for mac=%s on '%s'; "
				"give one of them another mac=",
				j, i, mac, want->bridge);
	}
	return 0;
}

/* What is looked for on a bridge. */
struct clash {
	const struct nic_list *list;
	uint32_t bridge;
};

/* The NIC on the bridge whose guest's MAC the port has, too; NULL: none. The
 * request's own taps are known to differ. */
static const struct nic *find_clash(const struct link *port,
				    const struct clash *clash)
{
	const struct nic_list *list = clash->list;
	const struct nic *found = NULL;

	for (unsigned int i = 0; i < list->count; i++) {
		const struct nic *nic = &list->nics[i];

		if (nic->made.index == port->index)
			return NULL;
		if (!found && nic->want.has_mac &&
		    nic->bridge.index == clash->bridge &&
		    tag_has_mac(port->alias, nic->want.mac))
			found = nic;
	}
	return found;
}

static bool has_clash(const struct link *port, const void *context)
{
	return find_clash(port, context);
}

static int fail_clash(const struct nic *nic, const struct link *other,
		      struct fail *fail)
{
	char mac[MAC_TEXT_SIZE];
	int vm_len = 0;
	const char *vm = tag_find(other->alias, "vm", &vm_len);

	mac_format(nic->want.mac, mac);
	return fail_set(fail, FAIL_MAC,
			"mac=%s is in use on '%s' by the tap '%s'%s%.*s; "
			"give this NIC another mac=",
			mac, nic->bridge.name, other->name,
			vm ? " of the guest " : "", vm_len, vm ? vm : "");
}

bool nic_is_first_on_bridge(const struct nic_list *list, unsigned int i)
{
	for (unsigned int j = 0; j < i; j++)
		if (list->nics[j].bridge.index == list->nics[i].bridge.index)
			return false;
	return true;
}

int nic_mac_check_ports(struct link_socket *s, const struct nic_list *list,
			unsigned int *ret_nic, struct fail *fail)
{
	for (unsigned int i = 0; i < list->count; i++) {
		const struct link *bridge = &list->nics[i].bridge;
		const struct clash clash = { list, bridge->index };
		const struct nic *nic;
		struct link other;
		int rc;

		if (!bridge->index || !nic_is_first_on_bridge(list, i))
			continue;
		*ret_nic = i;
		rc = link_find_port(s, bridge->index, has_clash, &clash,
				    &other);
		if (rc < 0)
			return fail_errno(fail, -rc, s->reason,
					  "cannot list the ports of '%s'",
					  bridge->name);
		nic = rc ? find_clash(&other, &clash) : NULL;
		if (nic) {
			*ret_nic = (unsigned int)(nic - list->nics);
			return fail_clash(nic, &other, fail);
		}
	}
	return 0;
}
