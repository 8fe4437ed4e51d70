/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "link_request.h"

#include <errno.h>
#include <linux/rtnetlink.h>

/* A dump is asked for again when interfaces came or went meanwhile. */
#define DUMP_TRIES 64

struct search {
	uint32_t bridge; /* 0: all interfaces */
	bool (*matches)(const struct link *link, const void *context);
	const void *context;
	struct link *found;
	unsigned int size;
	unsigned int count; /* may be more than `size` */
};

static void compare_link(const struct link *link, void *context)
{
	struct search *search = context;

	/* Not every kernel heeds the filter of the dump. */
	if ((search->bridge && link->master != search->bridge) ||
	    !search->matches(link, search->context))
		return;
	if (search->count < search->size)
		search->found[search->count] = *link;
	search->count++;
}

static int dump(struct link_socket *s, struct search *search,
		bool *ret_interrupted)
{
	_Alignas(struct nlmsghdr) char buffer[LINK_REQUEST_SIZE];
	struct link_answer answer = { .handle = compare_link,
				      .context = search };
	struct nlmsghdr *request =
		link_request_start(buffer, RTM_GETLINK, NLM_F_DUMP, 0);
	int rc;

	search->count = 0;
	if (search->bridge)
		mnl_attr_put_u32(request, IFLA_MASTER, search->bridge);
	rc = link_request_exchange(s, request, &answer);
	*ret_interrupted = answer.is_interrupted;
	return rc;
}

int link_list(struct link_socket *s, uint32_t bridge,
	      bool (*matches)(const struct link *link, const void *context),
	      const void *context, struct link *ret, unsigned int size)
{
	struct search search = { bridge, matches, context, ret, size, 0 };

	for (int i = 0; i < DUMP_TRIES; i++) {
		bool is_interrupted;
		int rc = dump(s, &search, &is_interrupted);

		if (rc < 0)
			return rc;
		if (!is_interrupted)
			return (int)search.count;
	}
	return -EAGAIN;
}

int link_find_port(struct link_socket *s, uint32_t bridge,
		   bool (*matches)(const struct link *port,
				   const void *context),
		   const void *context, struct link *ret)
{
	struct search search = { bridge, matches, context, ret, 1, 0 };

	for (int i = 0; i < DUMP_TRIES; i++) {
		bool is_interrupted;
		int rc = dump(s, &search, &is_interrupted);

		if (rc < 0)
			return rc;
		/* What is seen is there; what is not may have been missed. */
		if (search.count || !is_interrupted)
			return search.count > 0;
	}
	return -EAGAIN;
}
