/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge_port.h"

#include "link_request.h"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

/* Begins a request about a port as such. */
static struct nlmsghdr *start(char buffer[static LINK_REQUEST_SIZE],
			      uint16_t type, uint32_t index)
{
	struct nlmsghdr *request =
		link_request_start(buffer, type, NLM_F_ACK, index);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(request);

	info->ifi_family = AF_BRIDGE;
	return request;
}

static void put_vlan(struct nlmsghdr *request, uint32_t vlan, int flags)
{
	const struct bridge_vlan_info info = { .flags = (uint16_t)flags,
					       .vid = (uint16_t)vlan };

	mnl_attr_put(request, IFLA_BRIDGE_VLAN_INFO, sizeof(info), &info);
}

/* RTM_SETLINK puts the port into the VLANs, RTM_DELLINK takes it out. */
static int change_vlans(struct link_socket *s, uint16_t type, uint32_t index,
			struct vlan_range range, int flags)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request = start(buffer, type, index);
	struct nlattr *spec = mnl_attr_nest_start(request, IFLA_AF_SPEC);

	if (range.first == range.last) {
		put_vlan(request, range.first, flags);
	} else {
		put_vlan(request, range.first,
			 flags | BRIDGE_VLAN_INFO_RANGE_BEGIN);
		put_vlan(request, range.last,
			 flags | BRIDGE_VLAN_INFO_RANGE_END);
	}
	mnl_attr_nest_end(request, spec);
	return link_request_send(s, request);
}

static int set_vlans(struct link_socket *s, uint32_t index,
		     const struct bridge_port *port)
{
	const struct vlan_range all = { VLAN_FIRST, VLAN_LAST };
	struct vlan_range range = { port->vlan, port->vlan };
	int rc = change_vlans(s, RTM_DELLINK, index, all, 0);

	if (rc == 0 && port->vlan)
		rc = change_vlans(s, RTM_SETLINK, index, range,
				  BRIDGE_VLAN_INFO_PVID |
					  BRIDGE_VLAN_INFO_UNTAGGED);
	range.last = 0;
	while (rc == 0 && vlan_set_next(&port->trunks, range.last + 1, &range))
		rc = change_vlans(s, RTM_SETLINK, index, range, 0);
	return rc;
}

static int set_flags(struct link_socket *s, uint32_t index,
		     const struct bridge_port *port)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request = start(buffer, RTM_SETLINK, index);
	struct nlattr *info =
		mnl_attr_nest_start(request, IFLA_PROTINFO | NLA_F_NESTED);

	if (port->is_isolated)
		mnl_attr_put_u8(request, IFLA_BRPORT_ISOLATED, 1);
	if (port->has_no_learning)
		mnl_attr_put_u8(request, IFLA_BRPORT_LEARNING, 0);
	mnl_attr_nest_end(request, info);
	return link_request_send(s, request);
}

int bridge_port_set_up(struct link_socket *s, uint32_t index,
		       const struct bridge_port *port)
{
	int rc = 0;

	if (port->vlan || !vlan_set_is_empty(&port->trunks))
		rc = set_vlans(s, index, port);
	if (rc == 0 && (port->is_isolated || port->has_no_learning))
		rc = set_flags(s, index, port);
	return rc;
}
