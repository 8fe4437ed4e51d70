/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/bridge_notes.h"

#include "scene.h"

#define SEES "the firewall sees what passes 'br0' from port to port, and "
#define MAY_DROP \
	SEES "may drop it, as it does where Docker is; only root can look: "
#define IPTABLES "'iptables -I FORWARD -i br0 -o br0 -j ACCEPT'"
#define IP6TABLES "'ip6tables -I FORWARD -i br0 -o br0 -j ACCEPT'"
#define DOWN                                                               \
	"warning: 'br0' is down and passes nothing; 'ip link set br0 up' " \
	"brings it up"
#define NO_CARRIER                                                         \
	"no port of 'br0' has a carrier: its guests reach each other and " \
	"this host, and nothing beyond; 'ip link show master br0' shows them"
#define DELAY(seconds)                                                       \
	"a new port of 'br0' passes nothing for " seconds " s, by its "      \
	"spanning tree protocol; 'ip link set br0 type bridge stp_state 0' " \
	"turns that off, where there can be no loop"

static const struct {
	const char *name;
	struct bridge_facts bridge;
	const char *droppers; /* a '|' between them */
	bool has_docker;
	const char *notes;
} cases[] = {
	{ "nothing", { 0 }, "", true, "" },
	{ "down", { .is_down = true }, "", false, DOWN },
	{ "down is all that matters then",
	  { .is_down = true, .port_delay_ms = 30000 },
	  "ip filter FORWARD",
	  false,
	  DOWN },
	{ "no carrier", { .lacks_carrier = true }, "", false, NO_CARRIER },
	{ "STP", { .port_delay_ms = 30000 }, "", false, DELAY("30") },
	{ "a part of a second",
	  { .port_delay_ms = 4010 },
	  "",
	  false,
	  DELAY("5") },
	{ "several",
	  { .lacks_carrier = true, .port_delay_ms = 4000 },
	  "",
	  false,
	  NO_CARRIER "\n" DELAY("4") },
	{ "iptables",
	  { 0 },
	  "ip filter FORWARD",
	  false,
	  SEES "drops what no rule accepts; " IPTABLES " accepts it" },
	{ "both",
	  { 0 },
	  "ip filter FORWARD|ip6 filter FORWARD",
	  false,
	  SEES "drops what no rule accepts; " IPTABLES " and " IP6TABLES
	       " accept it" },
	{ "legacy",
	  { 0 },
	  "ip6tables-legacy",
	  false,
	  SEES "drops what no rule accepts; 'ip6tables-legacy -I FORWARD -i "
	       "br0 -o br0 -j ACCEPT' accepts it" },
	{ "nftables",
	  { 0 },
	  "inet filter forward",
	  false,
	  SEES "drops what no rule accepts; 'nft insert rule inet filter "
	       "forward iifname br0 oifname br0 accept' accepts it" },
	{ "hidden, with Docker",
	  { .is_firewall_hidden = true, .has_iptables = true },
	  "",
	  true,
	  MAY_DROP IPTABLES ", as root, has it accepted" },
	{ "hidden, with Docker, of IPv6",
	  { .is_firewall_hidden = true, .has_ip6tables = true },
	  "",
	  true,
	  MAY_DROP IP6TABLES ", as root, has it accepted" },
	{ "hidden, with Docker, of both",
	  { .is_firewall_hidden = true,
	    .has_iptables = true,
	    .has_ip6tables = true },
	  "",
	  true,
	  MAY_DROP IPTABLES " and " IP6TABLES ", as root, has it accepted" },
	{ "hidden, without a sign",
	  { .is_firewall_hidden = true, .has_iptables = true },
	  "",
	  false,
	  "" },
	{ "seen in part, and one that drops",
	  { .is_firewall_hidden = true, .has_iptables = true },
	  "ip filter FORWARD",
	  true,
	  SEES "drops what no rule accepts; " IPTABLES " accepts it" },
};

/* A host with such a br0, and a br1 that is as it should be. */
static void set_up(struct scene *s, const struct bridge_facts *bridge,
		   const char *droppers, bool has_docker)
{
	cleanup_free char *copy = xstrdup(droppers);
	char *save = NULL;

	scene_init(s);
	s->facts.has_docker = has_docker;
	struct bridge_facts *br0 = scene_bridge(s, "br0");
	char *name = br0->name;

	*br0 = *bridge;
	br0->name = name;
	br0->exists = true;
	br0->is_bridge = true;
	for (char *dropper = strtok_r(copy, "|", &save); dropper;
	     dropper = strtok_r(NULL, "|", &save))
		strv_add(&br0->droppers, dropper);
	scene_bridge(s, "br1");
}

static void add_tap(struct plan *plan, const char *bridge,
		    enum bridge_type type)
{
	plan->taps = xreallocarray(plan->taps, plan->tap_count + 1,
				   sizeof(*plan->taps));
	plan->taps[plan->tap_count++] = (struct plan_tap){
		.bridge = xstrdup(bridge),
		.port = { .type = type },
	};
}

static void test_notes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene s;

		set_up(&s, &cases[i].bridge, cases[i].droppers,
		       cases[i].has_docker);
		add_tap(&s.plan, "br1", BRIDGE_ANY);
		bridge_notes_add(&s.plan, &s.facts);
		cleanup_free char *none = scene_notes(&s);
		check_text(cases[i].name, none, "");
		/* Once, however many NICs are there. */
		add_tap(&s.plan, "br0", BRIDGE_LINUX);
		add_tap(&s.plan, "br0", BRIDGE_ANY);
		bridge_notes_add(&s.plan, &s.facts);
		cleanup_free char *notes = scene_notes(&s);
		check_text(cases[i].name, notes, cases[i].notes);
		scene_done(&s);
	}
}

/* What the kernel says of an interface that is Open vSwitch's means nothing. */
static void test_ovs(void **state)
{
	const struct bridge_facts down = { .is_down = true };
	struct scene s;

	(void)state;
	set_up(&s, &down, "", false);
	add_tap(&s.plan, "br0", BRIDGE_OVS);
	s.facts.bridges[1].is_bridge = false;
	s.facts.bridges[1].is_down = true;
	add_tap(&s.plan, "br1", BRIDGE_ANY);
	bridge_notes_add(&s.plan, &s.facts);
	assert_int_equal(s.plan.note_count, 0);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_ovs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
