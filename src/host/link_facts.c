/* SPDX-License-Identifier: Apache-2.0 */
#include "host/link_facts.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>

#include "host/firewall_facts.h"

/* Of the kernel's if_bridge.h: its own protocol, not that of a daemon. */
#define KERNEL_STP 1

/* What the kernel says of a link. */
struct link {
	bool exists;
	uint32_t index;
	const char *kind; /* in the message; NULL: none */
	bool is_up;
	bool has_carrier;
	uint32_t stp;
	uint32_t forward_delay; /* in hundredths of a second */
	bool calls_iptables;
	bool calls_ip6tables;
};

static uint32_t read_u32(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_U32) < 0
		       ? 0
		       : mnl_attr_get_u32(attr);
}

static bool read_bool(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_U8) == 0 &&
	       mnl_attr_get_u8(attr) != 0;
}

static int read_bridge_data(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_BR_STP_STATE:
		link->stp = read_u32(attr);
		break;
	case IFLA_BR_FORWARD_DELAY:
		link->forward_delay = read_u32(attr);
		break;
	case IFLA_BR_NF_CALL_IPTABLES:
		link->calls_iptables = read_bool(attr);
		break;
	case IFLA_BR_NF_CALL_IP6TABLES:
		link->calls_ip6tables = read_bool(attr);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

/* The kernel puts the kind before its data. */
static int read_info(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_INFO_KIND &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
		link->kind = mnl_attr_get_str(attr);
	if (mnl_attr_get_type(attr) == IFLA_INFO_DATA && link->kind &&
	    str_eq(link->kind, "bridge"))
		return mnl_attr_parse_nested(attr, read_bridge_data, link);
	return MNL_CB_OK;
}

static int read_attribute(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
		return mnl_attr_parse_nested(attr, read_info, link);
	if (mnl_attr_get_type(attr) == IFLA_CARRIER)
		link->has_carrier = read_bool(attr);
	return MNL_CB_OK;
}

static void read_link(const struct nlmsghdr *nlh, struct link *ret)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);

	*ret = (struct link){ .exists = true,
			      .index = (uint32_t)info->ifi_index,
			      .is_up = info->ifi_flags & IFF_UP };
	mnl_attr_parse(nlh, sizeof(*info), read_attribute, ret);
}

static int keep_link(const struct nlmsghdr *nlh, void *data)
{
	read_link(nlh, data);
	return MNL_CB_OK;
}

/* A port that is no tap of a guest leads elsewhere. */
static int find_outside(const struct nlmsghdr *nlh, void *data)
{
	bool *has_outside = data;
	struct link link;

	read_link(nlh, &link);
	if (!link.kind || !str_eq(link.kind, "tun"))
		*has_outside = true;
	return MNL_CB_OK;
}

static struct nlmsghdr *put_request(char *buf, unsigned int seq, int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	nlh->nlmsg_seq = seq;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	return nlh;
}

/* The ports are many messages, which end by one that says so. */
static bool has_outside_port(struct mnl_socket *socket, unsigned int seq,
			     uint32_t bridge)
{
	char buf[32768];
	struct nlmsghdr *nlh = put_request(buf, seq, NLM_F_DUMP);
	bool has_outside = false;
	int more = MNL_CB_OK;

	mnl_attr_put_u32(nlh, IFLA_MASTER, bridge);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		return false;
	while (more > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(socket, buf, sizeof(buf));

		more = n > 0 ? mnl_cb_run(buf, (size_t)n, seq, 0, find_outside,
					  &has_outside)
			     : MNL_CB_ERROR;
	}
	return has_outside;
}

/* What of it a bridge's guests must be told. */
static void describe_bridge(struct mnl_socket *socket, unsigned int seq,
			    const struct link *link, struct bridge_facts *ret)
{
	ret->is_down = !link->is_up;
	ret->lacks_carrier = link->is_up && !link->has_carrier &&
			     has_outside_port(socket, seq, link->index);
	/* It listens, and then it learns; without STP it does neither,
	 * whatever the delay is. */
	if (link->stp == KERNEL_STP)
		ret->port_delay_ms = 2 * link->forward_delay * 10;
	ret->has_iptables = link->calls_iptables;
	ret->has_ip6tables = link->calls_ip6tables;
}

static void look_up(struct mnl_socket *socket, unsigned int seq,
		    struct bridge_facts *ret)
{
	char buf[32768];
	struct nlmsghdr *nlh = put_request(buf, seq, 0);
	struct link link = { 0 };

	mnl_attr_put_strz(nlh, IFLA_IFNAME, ret->name);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		return;
	ssize_t n = mnl_socket_recvfrom(socket, buf, sizeof(buf));
	if (n <= 0 ||
	    mnl_cb_run(buf, (size_t)n, seq, 0, keep_link, &link) < 0 ||
	    !link.exists)
		return;
	ret->exists = true;
	ret->is_bridge = link.kind && str_eq(link.kind, "bridge");
	/* The local port of a bridge with the kernel's datapath, or with the
	 * userspace one, where it is a tap. The switch itself, which could
	 * tell, talks to root. */
	ret->may_be_ovs = link.kind && (str_eq(link.kind, "openvswitch") ||
					str_eq(link.kind, "tun"));
	if (ret->is_bridge)
		describe_bridge(socket, seq + 1, &link, ret);
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
		look_up(socket, 2 * (unsigned int)i + 1, &facts->bridges[i]);
	mnl_socket_close(socket);
	host_look_at_firewall(facts);
}
