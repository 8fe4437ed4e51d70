/* SPDX-License-Identifier: Apache-2.0 */
#include "host/link_facts.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

static int read_kind(const struct nlattr *attr, void *data)
{
	const char **kind = data;

	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
		*kind = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

static int read_info(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
		return mnl_attr_parse_nested(attr, read_kind, data);
	return MNL_CB_OK;
}

static int read_link(const struct nlmsghdr *nlh, void *data)
{
	struct bridge_facts *bridge = data;
	const char *kind = NULL;

	bridge->exists = true;
	mnl_attr_parse(nlh, sizeof(struct ifinfomsg), read_info, &kind);
	bridge->is_bridge = kind && str_eq(kind, "bridge");
	/* The local port of a bridge with the kernel's datapath, or with the
	 * userspace one, where it is a tap. The switch itself, which could
	 * tell, talks to root. */
	bridge->may_be_ovs =
		kind && (str_eq(kind, "openvswitch") || str_eq(kind, "tun"));
	return MNL_CB_OK;
}

static void look_up(struct mnl_socket *socket, unsigned int seq,
		    struct bridge_facts *bridge)
{
	char buf[32768];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = seq;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, bridge->name);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		return;
	ssize_t n = mnl_socket_recvfrom(socket, buf, sizeof(buf));
	if (n > 0)
		mnl_cb_run(buf, (size_t)n, seq, 0, read_link, bridge);
}

void host_look_at_bridges(const struct strv *names, struct facts *facts)
{
	if (names->count == 0)
		return;
	facts->bridges = xcalloc(names->count, sizeof(*facts->bridges));
	facts->bridge_count = names->count;
	for (size_t i = 0; i < names->count; i++)
		facts->bridges[i].name = xstrdup(names->items[i]);

	struct mnl_socket *socket =
		mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket)
		return;
	for (size_t i = 0; i < names->count; i++)
		look_up(socket, (unsigned int)i + 1, &facts->bridges[i]);
	mnl_socket_close(socket);
}
