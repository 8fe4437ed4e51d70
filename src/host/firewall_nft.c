/* SPDX-License-Identifier: Apache-2.0 */
/* The chains and rules of nftables, by nfnetlink; those of iptables-nft are
 * among them. linux/netfilter/nf_tables.h has the messages. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>

#include "host/firewall_facts.h"

/* More chains than this that drop, and the rest is not looked at. */
#define CHAINS_MAX 8

/* A base chain that drops what no rule accepts. */
struct chain {
	uint8_t family; /* NFPROTO_ */
	char table[NFT_NAME_MAXLEN];
	char name[NFT_NAME_MAXLEN];
};

struct chains {
	const struct bridge_facts *bridge;
	struct chain list[CHAINS_MAX];
	size_t count;
};

/* ---- messages ---- */

static int send_dump(struct mnl_socket *socket, unsigned int seq, int type,
		     const struct chain *of)
{
	char buf[4096];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = seq;
	struct nfgenmsg *header =
		mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	header->nfgen_family = of ? of->family : NFPROTO_UNSPEC;
	header->version = NFNETLINK_V0;
	if (of)
		mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, of->table);
	return mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0 ? -errno : 0;
}

/* Has `read` look at all that there is of a type; of a chain's table, or
 * (NULL) of everything. */
static int dump(struct mnl_socket *socket, unsigned int seq, int type,
		const struct chain *of, mnl_cb_t read, void *context)
{
	char buf[32768];
	int more = MNL_CB_OK;
	int r = send_dump(socket, seq, type, of);

	while (r == 0 && more > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(socket, buf, sizeof(buf));

		more = n < 0 ? MNL_CB_ERROR
			     : mnl_cb_run(buf, (size_t)n, seq, 0, read,
					  context);
		if (more == MNL_CB_ERROR)
			r = -errno;
	}
	return r;
}

static const struct nlattr *member(const struct nlmsghdr *nlh, int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(
		attr, nlh,
		sizeof(struct nfgenmsg)) if (mnl_attr_get_type(attr) ==
					     type) return attr;
	return NULL;
}

/* The same, in another attribute, which may be NULL. */
static const struct nlattr *inner(const struct nlattr *nest, int type)
{
	const struct nlattr *attr;

	if (!nest)
		return NULL;
	mnl_attr_for_each_nested(attr, nest) if (mnl_attr_get_type(attr) ==
						 type) return attr;
	return NULL;
}

static bool is_number(const struct nlattr *attr, uint32_t number)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_U32) == 0 &&
	       ntohl(mnl_attr_get_u32(attr)) == number;
}

static bool is_text(const struct nlattr *attr, const char *text)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0 &&
	       str_eq(mnl_attr_get_str(attr), text);
}

/* False: it does not fit. */
static bool copy_text(const struct nlattr *attr, char ret[NFT_NAME_MAXLEN])
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0 ||
	    mnl_attr_get_payload_len(attr) > NFT_NAME_MAXLEN)
		return false;
	memcpy(ret, mnl_attr_get_str(attr), strlen(mnl_attr_get_str(attr)) + 1);
	return true;
}

/* ---- chains ---- */

/* Does what passes the bridge get to chains of this family? */
static bool is_asked(const struct bridge_facts *bridge, uint8_t family)
{
	switch (family) {
	case NFPROTO_IPV4:
		return bridge->has_iptables;
	case NFPROTO_IPV6:
		return bridge->has_ip6tables;
	case NFPROTO_INET:
		return true;
	default:
		return false;
	}
}

static int read_chain(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *header = mnl_nlmsg_get_payload(nlh);
	struct chains *chains = data;
	struct chain *chain = &chains->list[chains->count];
	const struct nlattr *hook = member(nlh, NFTA_CHAIN_HOOK);

	if (chains->count < CHAINS_MAX &&
	    is_asked(chains->bridge, header->nfgen_family) &&
	    is_number(inner(hook, NFTA_HOOK_HOOKNUM), NF_INET_FORWARD) &&
	    is_number(member(nlh, NFTA_CHAIN_POLICY), NF_DROP) &&
	    copy_text(member(nlh, NFTA_CHAIN_TABLE), chain->table) &&
	    copy_text(member(nlh, NFTA_CHAIN_NAME), chain->name)) {
		chain->family = header->nfgen_family;
		chains->count++;
	}
	return MNL_CB_OK;
}

/* ---- rules ---- */

/* Is it the comparison that the name of an interface is the bridge's? The last
 * thing that was loaded is a name. */
static bool compares_name(const struct nlattr *data, const char *name)
{
	const struct nlattr *value =
		inner(inner(data, NFTA_CMP_DATA), NFTA_DATA_VALUE);
	char padded[IFNAMSIZ] = "";

	memcpy(padded, name, strnlen(name, sizeof(padded)));
	return value && is_number(inner(data, NFTA_CMP_OP), NFT_CMP_EQ) &&
	       mnl_attr_get_payload_len(value) <= sizeof(padded) &&
	       memcmp(mnl_attr_get_payload(value), padded,
		      mnl_attr_get_payload_len(value)) == 0;
}

static bool is_verdict(const struct nlattr *data, uint32_t verdict)
{
	const struct nlattr *value =
		inner(inner(data, NFTA_IMMEDIATE_DATA), NFTA_DATA_VERDICT);

	return is_number(inner(value, NFTA_VERDICT_CODE), verdict);
}

struct search {
	const char *bridge;
	bool is_found;
};

/*
 * Is it a rule, in whatever chain of the table, that accepts all that passes
 * the bridge, by the name of that or (physdev) of each? Rules with more
 * conditions are not for us to judge.
 */
static bool accepts_all(const struct nlattr *expressions, const char *bridge)
{
	const struct nlattr *expression;
	bool has_name = false, loads_name = false;

	mnl_attr_for_each_nested(expression, expressions)
	{
		const struct nlattr *type = inner(expression, NFTA_EXPR_NAME);
		const struct nlattr *data = inner(expression, NFTA_EXPR_DATA);
		const struct nlattr *key = inner(data, NFTA_META_KEY);

		if (is_text(type, "immediate"))
			return has_name && is_verdict(data, NF_ACCEPT);
		if (is_text(type, "meta"))
			loads_name = is_number(key, NFT_META_IIFNAME) ||
				     is_number(key, NFT_META_OIFNAME);
		else if ((is_text(type, "cmp") && loads_name &&
			  compares_name(data, bridge)) ||
			 (is_text(type, "match") &&
			  is_text(inner(data, NFTA_MATCH_NAME), "physdev")))
			has_name = true;
		else if (!is_text(type, "counter"))
			return false;
	}
	return false;
}

static int read_rule(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *list = member(nlh, NFTA_RULE_EXPRESSIONS);
	struct search *search = data;

	search->is_found |= list && accepts_all(list, search->bridge);
	return MNL_CB_OK;
}

/* ---- both ---- */

static void add_dropper(struct bridge_facts *bridge, const struct chain *chain)
{
	const char *family = chain->family == NFPROTO_IPV4   ? "ip"
			     : chain->family == NFPROTO_IPV6 ? "ip6"
							     : "inet";

	strv_addf(&bridge->droppers, "%s %s %s", family, chain->table,
		  chain->name);
}

static int look(struct mnl_socket *socket, struct bridge_facts *bridge)
{
	struct chains chains = { .bridge = bridge };
	int r = dump(socket, 1, NFT_MSG_GETCHAIN, NULL, read_chain, &chains);

	for (size_t i = 0; r == 0 && i < chains.count; i++) {
		struct search search = { .bridge = bridge->name };

		r = dump(socket, 2 + (unsigned int)i, NFT_MSG_GETRULE,
			 &chains.list[i], read_rule, &search);
		if (r == 0 && !search.is_found)
			add_dropper(bridge, &chains.list[i]);
	}
	return r;
}

int firewall_nft_look(struct bridge_facts *bridge)
{
	struct mnl_socket *socket =
		mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);

	if (!socket)
		return -errno;
	int r = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0
			? -errno
			: look(socket, bridge);
	mnl_socket_close(socket);
	/* A kernel without nftables has no chain of it. */
	return r == -EOPNOTSUPP || r == -EINVAL ? 0 : r;
}
