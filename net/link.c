/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "link_request.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* The kernel packs as much into one datagram of a dump. */
#define RECEIVE_SIZE 32768

int link_open(struct link_socket *ret)
{
	int on = 1;
	struct mnl_socket *socket =
		mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int rc = -errno;

		mnl_socket_close(socket);
		return rc;
	}
	/* For `reason`; a kernel without them just gives none. */
	mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof(on));
	*ret = (struct link_socket){ .socket = socket };
	return 0;
}

void link_close(struct link_socket *s)
{
	if (s->socket)
		mnl_socket_close(s->socket);
	s->socket = NULL;
}

static void copy_text(const struct nlattr *attr, char *to, size_t size)
{
	size_t len = strnlen(mnl_attr_get_payload(attr),
			     mnl_attr_get_payload_len(attr));

	if (len >= size)
		len = size - 1;
	memcpy(to, mnl_attr_get_payload(attr), len);
	to[len] = '\0';
}

static int read_bridge(const struct nlattr *attr, void *context)
{
	struct link *link = context;

	if (mnl_attr_get_type(attr) == IFLA_BR_VLAN_FILTERING)
		link->filters_vlans = mnl_attr_get_u8(attr);
	return MNL_CB_OK;
}

static int read_tap(const struct nlattr *attr, void *context)
{
	struct link *link = context;

	if (mnl_attr_get_type(attr) == IFLA_TUN_PERSIST)
		link->is_persistent = mnl_attr_get_u8(attr);
	return MNL_CB_OK;
}

/* The kind comes before what depends on it. */
static int read_kind(const struct nlattr *attr, void *context)
{
	struct link *link = context;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_INFO_KIND:
		copy_text(attr, link->kind, sizeof(link->kind));
		break;
	case IFLA_INFO_DATA:
		if (strcmp(link->kind, "bridge") == 0)
			return mnl_attr_parse_nested(attr, read_bridge, link);
		if (strcmp(link->kind, "tun") == 0)
			return mnl_attr_parse_nested(attr, read_tap, link);
		break;
	}
	return MNL_CB_OK;
}

static int read_attribute(const struct nlattr *attr, void *context)
{
	struct link *link = context;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		copy_text(attr, link->name, sizeof(link->name));
		break;
	case IFLA_IFALIAS:
		copy_text(attr, link->alias, sizeof(link->alias));
		break;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attr) == sizeof(link->mac))
			memcpy(link->mac, mnl_attr_get_payload(attr),
			       sizeof(link->mac));
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_MASTER:
		link->master = mnl_attr_get_u32(attr);
		break;
	case IFLA_GROUP:
		link->group = mnl_attr_get_u32(attr);
		break;
	case IFLA_CARRIER:
		link->has_carrier = mnl_attr_get_u8(attr);
		break;
	case IFLA_LINKINFO:
		return mnl_attr_parse_nested(attr, read_kind, link);
	}
	return MNL_CB_OK;
}

static void read_link(const struct nlmsghdr *message, struct link *ret)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	*ret = (struct link){
		.index = (uint32_t)info->ifi_index,
		.is_up = info->ifi_flags & IFF_UP,
		.is_loopback = info->ifi_flags & IFF_LOOPBACK,
	};
	mnl_attr_parse(message, sizeof(*info), read_attribute, ret);
}

static int read_reason(const struct nlattr *attr, void *context)
{
	struct link_socket *s = context;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		copy_text(attr, s->reason, sizeof(s->reason));
	return MNL_CB_OK;
}

static void read_error(struct link_socket *s, const struct nlmsghdr *message,
		       struct link_answer *answer)
{
	const uint16_t with_text = NLM_F_CAPPED | NLM_F_ACK_TLVS;
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);

	answer->is_complete = true;
	answer->error = error->error;
	if (error->error && (message->nlmsg_flags & with_text) == with_text)
		mnl_attr_parse(message, sizeof(*error), read_reason, s);
}

static void read_message(struct link_socket *s, const struct nlmsghdr *message,
			 struct link_answer *answer)
{
	struct link link;

	if (message->nlmsg_seq != s->sequence)
		return;
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->is_interrupted = true;
	switch (message->nlmsg_type) {
	case NLMSG_ERROR:
		read_error(s, message, answer);
		break;
	case NLMSG_DONE:
		answer->is_complete = true;
		if (mnl_nlmsg_get_payload_len(message) >= sizeof(answer->error))
			memcpy(&answer->error, mnl_nlmsg_get_payload(message),
			       sizeof(answer->error));
		break;
	case RTM_NEWLINK:
		if (answer->handle) {
			read_link(message, &link);
			answer->handle(&link, answer->context);
		}
		break;
	}
}

int link_request_exchange(struct link_socket *s, struct nlmsghdr *request,
			  struct link_answer *answer)
{
	_Alignas(struct nlmsghdr) char buffer[RECEIVE_SIZE];

	s->reason[0] = '\0';
	request->nlmsg_seq = ++s->sequence;
	if (mnl_socket_sendto(s->socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (!answer->is_complete) {
		const struct nlmsghdr *message = (const void *)buffer;
		ssize_t size =
			mnl_socket_recvfrom(s->socket, buffer, sizeof(buffer));
		int left = (int)size;

		if (size < 0)
			return -errno;
		while (mnl_nlmsg_ok(message, left)) {
			read_message(s, message, answer);
			message = mnl_nlmsg_next(message, &left);
		}
	}
	return answer->error;
}

struct nlmsghdr *link_request_start(char buffer[static LINK_REQUEST_SIZE],
				    uint16_t type, uint16_t flags,
				    uint32_t index)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	info->ifi_index = (int)index;
	if (type == RTM_GETLINK)
		mnl_attr_put_u32(request, IFLA_EXT_MASK,
				 RTEXT_FILTER_SKIP_STATS);
	return request;
}

int link_request_send(struct link_socket *s, struct nlmsghdr *request)
{
	struct link_answer answer = { 0 };

	return link_request_exchange(s, request, &answer);
}

static void keep_link(const struct link *link, void *context)
{
	*(struct link *)context = *link;
}

/* The request is for one link: it is answered with that, or an error. */
static int get(struct link_socket *s, struct nlmsghdr *request,
	       struct link *ret)
{
	struct link link = { 0 };
	struct link_answer answer = { .handle = keep_link, .context = &link };
	int rc = link_request_exchange(s, request, &answer);

	if (rc < 0)
		return rc;
	if (link.index == 0)
		return -ENODEV;
	*ret = link;
	return 0;
}

int link_get_by_name(struct link_socket *s, const char *name, struct link *ret)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request =
		link_request_start(buffer, RTM_GETLINK, NLM_F_ACK, 0);

	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	return get(s, request, ret);
}

int link_get_by_index(struct link_socket *s, uint32_t index, struct link *ret)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];

	return get(s, link_request_start(buffer, RTM_GETLINK, NLM_F_ACK, index),
		   ret);
}

static int set_up_tap(struct link_socket *s, uint32_t index,
		      const struct link_setup *setup, bool has_ipv6)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request =
		link_request_start(buffer, RTM_NEWLINK, NLM_F_ACK, index);

	mnl_attr_put(request, IFLA_ADDRESS, sizeof(setup->mac), setup->mac);
	if (setup->mtu)
		mnl_attr_put_u32(request, IFLA_MTU, setup->mtu);
	mnl_attr_put_strz(request, IFLA_IFALIAS, setup->alias);
	if (setup->master)
		mnl_attr_put_u32(request, IFLA_MASTER, setup->master);
	if (setup->group)
		mnl_attr_put_u32(request, IFLA_GROUP, setup->group);
	if (has_ipv6) {
		struct nlattr *families =
			mnl_attr_nest_start(request, IFLA_AF_SPEC);
		struct nlattr *inet6 = mnl_attr_nest_start(request, AF_INET6);

		mnl_attr_put_u8(request, IFLA_INET6_ADDR_GEN_MODE,
				IN6_ADDR_GEN_MODE_NONE);
		mnl_attr_nest_end(request, inet6);
		mnl_attr_nest_end(request, families);
	}
	return link_request_send(s, request);
}

int link_set_up_tap(struct link_socket *s, uint32_t index,
		    const struct link_setup *setup)
{
	int rc = set_up_tap(s, index, setup, true);

	/* No IPv6 in this kernel, or none with so small an MTU. */
	return rc == -EAFNOSUPPORT ? set_up_tap(s, index, setup, false) : rc;
}

int link_set_mac(struct link_socket *s, uint32_t index, const uint8_t mac[6])
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request =
		link_request_start(buffer, RTM_NEWLINK, NLM_F_ACK, index);

	mnl_attr_put(request, IFLA_ADDRESS, 6, mac);
	return link_request_send(s, request);
}

int link_set_mtu(struct link_socket *s, uint32_t index, uint32_t mtu)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request =
		link_request_start(buffer, RTM_NEWLINK, NLM_F_ACK, index);

	mnl_attr_put_u32(request, IFLA_MTU, mtu);
	return link_request_send(s, request);
}

int link_bring_up(struct link_socket *s, uint32_t index)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request =
		link_request_start(buffer, RTM_NEWLINK, NLM_F_ACK, index);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(request);

	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	return link_request_send(s, request);
}

int link_delete(struct link_socket *s, uint32_t index)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];

	return link_request_send(s, link_request_start(buffer, RTM_DELLINK,
						       NLM_F_ACK, index));
}
