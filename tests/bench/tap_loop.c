/* SPDX-License-Identifier: Apache-2.0 */
/* The floor: nothing is checked, nothing is given up, nobody is asked. */
#include "taps.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct names {
	const char *prefix;
	struct taps found;
};

static struct mnl_socket *kernel;

static struct mnl_socket *netlink(void)
{
	if (!kernel) {
		kernel = mnl_socket_open(NETLINK_ROUTE);
		if (!kernel ||
		    mnl_socket_bind(kernel, 0, MNL_SOCKET_AUTOPID) < 0)
			err(1, "netlink");
	}
	return kernel;
}

static struct nlmsghdr *start(void *buffer, uint16_t type, uint16_t flags,
			      uint32_t index)
{
	static uint32_t sequence;
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	request->nlmsg_seq = ++sequence;
	info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	info->ifi_index = (int)index;
	return request;
}

/* False where a dump does not show one moment, and is to be asked for again. */
static bool exchange_once(const struct nlmsghdr *request, mnl_cb_t handle,
			  void *context)
{
	_Alignas(struct nlmsghdr) char buffer[32768];
	int rc = 1;

	if (mnl_socket_sendto(netlink(), request, request->nlmsg_len) < 0)
		err(1, "netlink");
	while (rc > 0) {
		ssize_t len =
			mnl_socket_recvfrom(netlink(), buffer, sizeof(buffer));

		if (len < 0)
			err(1, "netlink");
		rc = mnl_cb_run(buffer, (size_t)len, request->nlmsg_seq,
				mnl_socket_get_portid(netlink()), handle,
				context);
	}
	if (rc < 0 && errno != EINTR)
		err(1, "netlink request %u", request->nlmsg_type);
	if (rc == 0)
		return true;
	/* With what is left of the answer. */
	mnl_socket_close(kernel);
	kernel = NULL;
	return false;
}

static void exchange(const struct nlmsghdr *request, mnl_cb_t handle,
		     void *context)
{
	if (!exchange_once(request, handle, context))
		errx(1, "netlink was interrupted");
}

static int keep_index(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	*(uint32_t *)context = (uint32_t)info->ifi_index;
	return MNL_CB_OK;
}

static uint32_t index_of(const char *name)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *request = start(buffer, RTM_GETLINK, NLM_F_ACK, 0);
	uint32_t index = 0;

	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	exchange(request, keep_index, &index);
	return index;
}

static void set_up(uint32_t index, uint32_t master)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *request = start(buffer, RTM_NEWLINK, NLM_F_ACK, index);
	struct ifinfomsg *info = mnl_nlmsg_get_payload(request);

	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	if (master)
		mnl_attr_put_u32(request, IFLA_MASTER, master);
	exchange(request, NULL, NULL);
}

static int make_one(char ret_name[16])
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI |
					      IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "xkfloor%%d");
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0)
		err(1, "cannot make a tap");
	memcpy(ret_name, request.ifr_name, 16);
	return fd;
}

void tap_loop_make(const struct bridge *bridge, unsigned int count,
		   struct taps *ret)
{
	const uint32_t master = bridge->ovsdb ? 0 : index_of(bridge->name);
	char names[TAPS_MAX][16];

	ret->count = count;
	for (unsigned int i = 0; i < count; i++) {
		ret->fds[i] = make_one(names[i]);
		ret->indexes[i] = index_of(names[i]);
		set_up(ret->indexes[i], master);
	}
	if (bridge->ovsdb)
		ovs_port_add(bridge, names, count);
}

static void set_group(uint32_t index, uint32_t group)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *request = start(buffer, RTM_NEWLINK, NLM_F_ACK, index);

	mnl_attr_put_u32(request, IFLA_GROUP, group);
	exchange(request, NULL, NULL);
}

void tap_loop_group(const struct taps *taps, uint32_t group)
{
	for (unsigned int i = 0; i < taps->count; i++)
		set_group(taps->indexes[i], group);
}

void tap_loop_delete_group(uint32_t group)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *request = start(buffer, RTM_DELLINK, NLM_F_ACK, 0);

	mnl_attr_put_u32(request, IFLA_GROUP, group);
	exchange(request, NULL, NULL);
}

static int read_name(const struct nlattr *attr, void *context)
{
	if (mnl_attr_get_type(attr) == IFLA_IFNAME)
		*(const char **)context = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

static int compare_name(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	struct names *names = context;
	const char *name = "";

	mnl_attr_parse(message, sizeof(*info), read_name, &name);
	if (strncmp(name, names->prefix, strlen(names->prefix)) == 0 &&
	    names->found.count < TAPS_MAX)
		names->found.indexes[names->found.count++] =
			(uint32_t)info->ifi_index;
	return MNL_CB_OK;
}

unsigned int tap_loop_group_named(const char *prefix, uint32_t group)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct names names = { .prefix = prefix };

	while (!exchange_once(start(buffer, RTM_GETLINK, NLM_F_DUMP, 0),
			      compare_name, &names))
		names.found.count = 0;
	if (group != TAPS_NO_GROUP)
		tap_loop_group(&names.found, group);
	return names.found.count;
}

void taps_close(struct taps *taps)
{
	while (taps->count > 0)
		close(taps->fds[--taps->count]);
}
