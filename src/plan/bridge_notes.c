/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/bridge_notes.h"

#include "base/strbuf.h"

/* The command that puts a rule in front of a chain. */
static void add_command(struct strbuf *sb, const char *dropper,
			const char *bridge)
{
	const char *tool = dropper;

	if (str_eq(dropper, "ip filter FORWARD"))
		tool = "iptables";
	else if (str_eq(dropper, "ip6 filter FORWARD"))
		tool = "ip6tables";
	if (tool == dropper && strchr(dropper, ' '))
		strbuf_addf(sb,
			    "'nft insert rule %s iifname %s oifname %s accept'",
			    dropper, bridge, bridge);
	else
		strbuf_addf(sb, "'%s -I FORWARD -i %s -o %s -j ACCEPT'", tool,
			    bridge, bridge);
}

static void note_droppers(struct plan *plan, const struct bridge_facts *bridge)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const size_t count = bridge->droppers.count;

	for (size_t i = 0; i < count; i++) {
		strbuf_addstr(&sb, i ? " and " : "");
		add_command(&sb, bridge->droppers.items[i], bridge->name);
	}
	plan_note(plan, NOTE_INFO,
		  "the firewall sees what passes '%s' from port to port, "
		  "and drops what no rule accepts; %s accept%s it",
		  bridge->name, strbuf_str(&sb), count == 1 ? "s" : "");
}

static void note_hidden(struct plan *plan, const struct bridge_facts *bridge)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (bridge->has_iptables)
		add_command(&sb, "iptables", bridge->name);
	if (bridge->has_ip6tables) {
		strbuf_addstr(&sb, sb.len ? " and " : "");
		add_command(&sb, "ip6tables", bridge->name);
	}
	plan_note(plan, NOTE_INFO,
		  "the firewall sees what passes '%s' from port to port, "
		  "and may drop it, as it does where Docker is; only root can "
		  "look: %s, as root, has it accepted",
		  bridge->name, strbuf_str(&sb));
}

static void note_bridge(struct plan *plan, const struct facts *facts,
			const struct bridge_facts *bridge)
{
	const char *name = bridge->name;

	if (bridge->is_down) {
		plan_note(
			plan, NOTE_WARNING,
			"'%s' is down and passes nothing; 'ip link set %s up' "
			"brings it up",
			name, name);
		return;
	}
	if (bridge->lacks_carrier)
		plan_note(
			plan, NOTE_INFO,
			"no port of '%s' has a carrier: its guests reach each "
			"other and this host, and nothing beyond; 'ip link "
			"show master %s' shows them",
			name, name);
	if (bridge->port_delay_ms)
		plan_note(plan, NOTE_INFO,
			  "a new port of '%s' passes nothing for %u s, by its "
			  "spanning tree protocol; 'ip link set %s type bridge "
			  "stp_state 0' turns that off, where there can be no "
			  "loop",
			  name, (bridge->port_delay_ms + 999) / 1000, name);
	if (bridge->droppers.count)
		note_droppers(plan, bridge);
	else if (bridge->is_firewall_hidden && facts->has_docker)
		note_hidden(plan, bridge);
}

static bool is_first(const struct plan *plan, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_eq(plan->taps[j].bridge, plan->taps[i].bridge))
			return false;
	return true;
}

void bridge_notes_add(struct plan *plan, const struct facts *facts)
{
	for (size_t i = 0; i < plan->tap_count; i++) {
		const struct bridge_facts *bridge =
			facts_bridge(facts, plan->taps[i].bridge);

		if (bridge && bridge->is_bridge &&
		    plan->taps[i].port.type != BRIDGE_OVS && is_first(plan, i))
			note_bridge(plan, facts, bridge);
	}
}
