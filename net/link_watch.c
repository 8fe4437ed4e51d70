/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#define RECEIVE_SIZE 32768

int link_watch_open(struct link_socket *ret)
{
	int group = RTNLGRP_LINK;
	int rc = link_open(ret);

	if (rc < 0)
		return rc;
	if (mnl_socket_setsockopt(ret->socket, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) == 0)
		return 0;
	rc = -errno;
	link_close(ret);
	return rc;
}

int link_watch_read(struct link_socket *s,
		    void (*handle)(uint32_t index, void *context),
		    void *context)
{
	_Alignas(struct nlmsghdr) char buffer[RECEIVE_SIZE];
	int lost = 0;

	for (;;) {
		const struct nlmsghdr *message = (const void *)buffer;
		ssize_t size = recv(mnl_socket_get_fd(s->socket), buffer,
				    sizeof(buffer), MSG_DONTWAIT);
		int left = (int)size;

		if (size < 0 && errno == EAGAIN)
			return lost;
		/* Until nothing is left to read, the kernel goes on dropping,
		 * and does not say so again. */
		if (size < 0 && errno == ENOBUFS)
			lost = -ENOBUFS;
		else if (size < 0 && errno != EINTR)
			return -errno;
		for (; size > 0 && mnl_nlmsg_ok(message, left);
		     message = mnl_nlmsg_next(message, &left)) {
			const struct ifinfomsg *info =
				mnl_nlmsg_get_payload(message);

			if (message->nlmsg_type == RTM_NEWLINK ||
			    message->nlmsg_type == RTM_DELLINK)
				handle((uint32_t)info->ifi_index, context);
		}
	}
}
