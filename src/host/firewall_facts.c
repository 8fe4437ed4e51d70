/* SPDX-License-Identifier: Apache-2.0 */
#include "host/firewall_facts.h"

#include <fcntl.h>
#include <net/if.h>
#include <unistd.h>

#define SYSCTLS "/proc/sys/net/bridge/bridge-nf-call-"

/* Each network namespace has its own; without br_netfilter there are none. */
static bool is_on(const char *sysctl)
{
	cleanup_close int fd = open(sysctl, O_RDONLY | O_CLOEXEC);
	char value = '0';

	return fd >= 0 && read(fd, &value, 1) == 1 && value != '0';
}

static void look_at(struct bridge_facts *bridge)
{
	int nft = firewall_nft_look(bridge);
	int legacy = firewall_legacy_look(bridge);

	bridge->is_firewall_hidden = nft < 0 || legacy < 0;
}

void host_look_at_firewall(struct facts *facts)
{
	bool has_bridge = false, is_hidden = false;

	for (size_t i = 0; i < facts->bridge_count; i++)
		has_bridge |= facts->bridges[i].is_bridge;
	if (!has_bridge)
		return;
	bool has_iptables = is_on(SYSCTLS "iptables");
	bool has_ip6tables = is_on(SYSCTLS "ip6tables");
	for (size_t i = 0; i < facts->bridge_count; i++) {
		struct bridge_facts *bridge = &facts->bridges[i];

		if (!bridge->is_bridge)
			continue;
		bridge->has_iptables |= has_iptables;
		bridge->has_ip6tables |= has_ip6tables;
		if (bridge->has_iptables || bridge->has_ip6tables)
			look_at(bridge);
		is_hidden |= bridge->is_firewall_hidden;
	}
	if (is_hidden)
		facts->has_docker = if_nametoindex("docker0") != 0;
}
