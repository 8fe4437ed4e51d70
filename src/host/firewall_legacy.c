/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter tables of the older iptables (iptables-legacy), which nftables
 * does not show. A table is a row of entries in memory, the last of each chain
 * being its policy (linux/netfilter_ipv4/ip_tables.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/firewall_facts.h"

#define TABLE "filter"
/* Larger than any table that somebody maintains. */
#define TABLE_SIZE_MAX (64U << 20)

/* IPv4's and IPv6's differ in where things stand. */
struct layout {
	const char *dropper;
	const char *names; /* the file that lists the tables that there are */
	int family, level, info, entries;
	size_t in, out; /* names of interfaces in an entry, then their masks */
	size_t conditions; /* the size of all such, at the entry's start */
	size_t target, next; /* offsets, uint16_t, from the entry's start */
	size_t header; /* the size of an entry without matches and target */
};

static const struct layout IPV4 = {
	.dropper = "iptables-legacy",
	.names = "/proc/net/ip_tables_names",
	.family = AF_INET,
	.level = IPPROTO_IP,
	.info = IPT_SO_GET_INFO,
	.entries = IPT_SO_GET_ENTRIES,
	.in = offsetof(struct ipt_entry, ip.iniface),
	.out = offsetof(struct ipt_entry, ip.outiface),
	.conditions = sizeof(struct ipt_ip),
	.target = offsetof(struct ipt_entry, target_offset),
	.next = offsetof(struct ipt_entry, next_offset),
	.header = sizeof(struct ipt_entry),
};

static const struct layout IPV6 = {
	.dropper = "ip6tables-legacy",
	.names = "/proc/net/ip6_tables_names",
	.family = AF_INET6,
	.level = IPPROTO_IPV6,
	.info = IP6T_SO_GET_INFO,
	.entries = IP6T_SO_GET_ENTRIES,
	.in = offsetof(struct ip6t_entry, ipv6.iniface),
	.out = offsetof(struct ip6t_entry, ipv6.outiface),
	.conditions = sizeof(struct ip6t_ip6),
	.target = offsetof(struct ip6t_entry, target_offset),
	.next = offsetof(struct ip6t_entry, next_offset),
	.header = sizeof(struct ip6t_entry),
};

_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo) &&
		       offsetof(struct ipt_get_entries, entrytable) ==
			       offsetof(struct ip6t_get_entries, entrytable),
	       "the two speak of tables in the same way");

/* What iptables has of a table. */
struct table {
	const struct layout *layout;
	struct ipt_getinfo info;
	struct ipt_get_entries *entries; /* owned */
};

/* To ask for a table that is not there would make it. -EACCES, or another
 * -errno, where it cannot be said; 1: it is there. */
static int has_table(const char *names)
{
	cleanup_close int fd = open(names, O_RDONLY | O_CLOEXEC);
	char text[512] = "";

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (read(fd, text, sizeof(text) - 1) < 0)
		return -errno;
	return strstr(text, TABLE "\n") != NULL;
}

static int read_table(int fd, struct table *table)
{
	const struct layout *layout = table->layout;
	socklen_t size = sizeof(table->info);

	memcpy(table->info.name, TABLE, sizeof(TABLE));
	if (getsockopt(fd, layout->level, layout->info, &table->info, &size) <
	    0)
		return -errno;
	if (table->info.size > TABLE_SIZE_MAX)
		return -EFBIG;
	size = (socklen_t)(sizeof(*table->entries) + table->info.size);
	table->entries = xcalloc(1, size);
	memcpy(table->entries->name, TABLE, sizeof(TABLE));
	table->entries->size = table->info.size;
	if (getsockopt(fd, layout->level, layout->entries, table->entries,
		       &size) < 0)
		return -errno;
	return 0;
}

/* The entry at an offset, or NULL where none can be. */
static const char *entry_at(const struct table *table, size_t offset)
{
	if (offset % _Alignof(struct ipt_entry) != 0 ||
	    offset + table->layout->header > table->info.size)
		return NULL;
	return (const char *)table->entries->entrytable + offset;
}

static uint16_t read_u16(const char *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Has the entry this verdict, and no other target? `room`: its size. */
static bool has_verdict(const struct table *table, const char *entry,
			size_t room, int verdict)
{
	const size_t offset = read_u16(entry + table->layout->target);
	struct xt_standard_target target;

	if (offset + sizeof(target) > room)
		return false;
	memcpy(&target, entry + offset, sizeof(target));
	return target.target.u.user.name[0] == '\0' &&
	       target.verdict == -verdict - 1;
}

static bool is_zero(const char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

/* Without addresses, a protocol and the like. */
static bool is_unconditional(const struct table *table, const char *entry)
{
	const struct layout *layout = table->layout;
	const size_t names_end = layout->out + (layout->out - layout->in) * 3;

	return is_zero(entry, layout->in) &&
	       is_zero(entry + names_end, layout->conditions - names_end);
}

/* Is the first match physdev? */
static bool matches_physdev(const struct table *table, const char *entry,
			    size_t room)
{
	const size_t header = table->layout->header;
	struct xt_entry_match match;

	if (read_u16(entry + table->layout->target) <= header ||
	    header + sizeof(match) > room)
		return false;
	memcpy(&match, entry + header, sizeof(match));
	return strncmp(match.u.user.name, "physdev",
		       sizeof(match.u.user.name)) == 0;
}

static bool matches_bridge(const struct table *table, const char *entry,
			   const char *bridge)
{
	const struct layout *layout = table->layout;

	return read_u16(entry + layout->target) == layout->header &&
	       strncmp(entry + layout->in, bridge, IFNAMSIZ) == 0 &&
	       strncmp(entry + layout->out, bridge, IFNAMSIZ) == 0;
}

/* A rule, in whatever chain, that accepts all that passes the bridge. */
static bool has_accepting_rule(const struct table *table, const char *bridge)
{
	const char *entry;
	size_t offset = 0, size;

	for (; (entry = entry_at(table, offset)); offset += size) {
		size = read_u16(entry + table->layout->next);
		if (size < table->layout->header ||
		    offset + size > table->info.size)
			return false;
		if (is_unconditional(table, entry) &&
		    (matches_bridge(table, entry, bridge) ||
		     matches_physdev(table, entry, size)) &&
		    has_verdict(table, entry, size, NF_ACCEPT))
			return true;
	}
	return false;
}

static bool has_drop_policy(const struct table *table)
{
	const size_t offset = table->info.underflow[NF_INET_FORWARD];
	const char *policy = entry_at(table, offset);

	return policy &&
	       has_verdict(table, policy, table->info.size - offset, NF_DROP);
}

static int look(const struct layout *layout, struct bridge_facts *bridge)
{
	struct table table = { .layout = layout };
	int r = has_table(layout->names);

	if (r <= 0)
		return r;
	cleanup_close int fd =
		socket(layout->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	r = fd < 0 ? -errno : read_table(fd, &table);
	if (r == 0 && has_drop_policy(&table) &&
	    !has_accepting_rule(&table, bridge->name))
		strv_add(&bridge->droppers, layout->dropper);
	cleanup_free_p(&table.entries);
	return r;
}

int firewall_legacy_look(struct bridge_facts *bridge)
{
	int r = bridge->has_iptables ? look(&IPV4, bridge) : 0;

	if (r == 0 && bridge->has_ip6tables)
		r = look(&IPV6, bridge);
	return r;
}
