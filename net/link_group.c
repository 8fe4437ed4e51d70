/* SPDX-License-Identifier: Apache-2.0 */
#include "link_group.h"

#include "link_request.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/random.h>

/* The kernel has groups as int; half of the positive ones are left alone. */
#define GROUP_FIRST 0x40000000U

int link_group_choose(uint32_t *ret)
{
	uint32_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -errno;
	*ret = GROUP_FIRST | (random & (GROUP_FIRST - 1));
	return 0;
}

struct membership {
	uint32_t group;
	bool (*is_meant)(const struct link *link, const void *context);
	const void *context;
};

static bool is_stranger(const struct link *link, const void *context)
{
	const struct membership *membership = context;

	return link->group == membership->group &&
	       !membership->is_meant(link, membership->context);
}

int link_group_delete(struct link_socket *s, uint32_t group,
		      bool (*is_meant)(const struct link *link,
				       const void *context),
		      const void *context)
{
	const struct membership membership = { group, is_meant, context };
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct nlmsghdr *request;
	int strangers = link_list(s, 0, is_stranger, &membership, NULL, 0);

	if (strangers != 0)
		return strangers < 0 ? strangers : -EXDEV;
	request = link_request_start(buffer, RTM_DELLINK, NLM_F_ACK, 0);
	mnl_attr_put_u32(request, IFLA_GROUP, group);
	return link_request_send(s, request);
}
