/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/helper.h"

#include <errno.h>

#include "plan/helper_cause.h"

bool helper_reaches_elsewhere(const struct run_spec *spec,
			      const struct facts *facts)
{
	if (spec->ovsdb)
		return false;
	return spec->helper == HELPER_SOCKET ||
	       (spec->helper == HELPER_AUTO && facts->helper.socket &&
		facts->helper.socket_error == 0);
}

/* A word of the tap that QEMU's bridge helper does not know; NULL: none. */
static const char *word_beyond_qemu(const struct plan_tap *tap)
{
	const struct port_spec *port = &tap->port;

	if (tap->queues > 1)
		return "queues";
	if (port->type == BRIDGE_OVS)
		return "ovs:";
	if (port->tap)
		return "tap";
	if (port->vlan)
		return "vlan";
	if (port->trunks)
		return "trunks";
	if (port->mtu)
		return "mtu";
	if (port->iface_id)
		return "iface-id";
	if (port->is_isolated)
		return "isolated";
	return port->is_not_learning ? "learning" : NULL;
}

static bool suits_qemu(const struct plan *plan, const struct facts *facts)
{
	for (size_t i = 0; i < plan->tap_count; i++) {
		const struct plan_tap *tap = &plan->taps[i];
		const struct bridge_facts *bridge =
			facts_bridge(facts, tap->bridge);

		if (word_beyond_qemu(tap) || !bridge || !bridge->is_bridge)
			return false;
	}
	return true;
}

static bool has_elsewhere(const struct plan *plan)
{
	for (size_t i = 0; i < plan->tap_count; i++)
		if (plan->taps[i].is_elsewhere)
			return true;
	return false;
}

/* As far as can be known without trying. */
static bool leads_to_tap(enum helper_way way, const struct helper_facts *helper)
{
	switch (way) {
	case HELPER_DIRECT:
		return helper->net.error == 0 &&
		       (helper->is_capable ||
			helper_gains(helper, &helper->net));
	case HELPER_SOCKET:
		return helper->socket_error == 0;
	case HELPER_QEMU:
		return helper->qemu.path && helper->qemu.error == 0 &&
		       (helper->is_capable ||
			helper_gains(helper, &helper->qemu));
	case HELPER_SUDO:
		/* Whoever may not start xkvm-net may have root start it. */
		return helper->sudo.path && helper->net.error != ENOENT &&
		       helper_gains(helper, &helper->sudo);
	case HELPER_AUTO:
		break;
	}
	return false;
}

static bool is_worth_trying(enum helper_way way, const struct plan *plan,
			    const struct facts *facts)
{
	if (!leads_to_tap(way, &facts->helper))
		return false;
	if (has_elsewhere(plan) && way != HELPER_SOCKET)
		return false;
	/* The database is for xkvm-net, and by its caller's words. */
	if (plan->ovsdb && (way == HELPER_SOCKET || way == HELPER_QEMU))
		return false;
	if (way == HELPER_QEMU)
		return suits_qemu(plan, facts);
	/* Nobody is asked, unless by --helper, to run as root what others than
	 * root may have written. */
	if (way == HELPER_SUDO)
		return facts->uid != 0 && facts->helper.net.is_roots;
	return true;
}

static void add_way(struct plan *plan, enum helper_way way)
{
	plan->helper.ways[plan->helper.way_count++] = way;
}

static void choose_any(struct plan *plan, const struct facts *facts)
{
	static const enum helper_way order[] = { HELPER_DIRECT, HELPER_SOCKET,
						 HELPER_QEMU, HELPER_SUDO };
	struct plan_helper *helper = &plan->helper;

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (is_worth_trying(order[i], plan, facts))
			add_way(plan, order[i]);
	if (helper->way_count == 0 || helper->ways[0] == HELPER_QEMU ||
	    helper->ways[0] == HELPER_SUDO)
		helper->cause = helper_cause(HELPER_AUTO, &facts->helper);
	if (helper->way_count > 0 && helper->ways[0] == HELPER_QEMU)
		plan_note(plan, NOTE_INFO,
			  "QEMU's bridge helper makes the taps: no quota holds "
			  "for them, and addresses are not looked at; 'xkvm "
			  "setup' says what xkvm-net needs");
}

/* The one that was asked for is tried, unless there is nothing to try. */
static int choose_one(struct plan *plan, enum helper_way way,
		      const struct facts *facts, struct err *err)
{
	const struct helper_facts *helper = &facts->helper;

	if (plan->ovsdb && (way == HELPER_SOCKET || way == HELPER_QEMU))
		return err_set(err, -EINVAL,
			       "--helper %s and --ovsdb exclude each other: "
			       "only an xkvm-net that is started hears of the "
			       "path",
			       helper_way_name(way));
	for (size_t i = 0; way == HELPER_QEMU && i < plan->tap_count; i++) {
		const char *word = word_beyond_qemu(&plan->taps[i]);

		if (word)
			return err_set(err, -EINVAL,
				       "--helper qemu: %s says '%s', which "
				       "QEMU's bridge helper does not know; "
				       "only xkvm-net does",
				       plan->taps[i].netdev, word);
	}
	/* xkvm-net says best itself what it lacks, and a socket whether
	 * somebody listens. */
	if (leads_to_tap(way, helper) || way == HELPER_SOCKET ||
	    (way == HELPER_DIRECT && helper->net.error == 0))
		add_way(plan, way);
	else
		plan->helper.cause = helper_cause(way, helper);
	return 0;
}

static char *copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static void copy_paths(struct plan_helper *helper,
		       const struct helper_facts *facts)
{
	helper->net = copy(facts->net.path);
	helper->qemu = copy(facts->qemu.path);
	helper->sudo = copy(facts->sudo.path);
	helper->socket = copy(facts->socket);
	helper->asks = facts->has_terminal;
}

int helper_choose(struct plan *plan, const struct run_spec *spec,
		  const struct facts *facts, struct err *err)
{
	if (plan->tap_count == 0)
		return 0;
	copy_paths(&plan->helper, &facts->helper);
	if (spec->helper != HELPER_AUTO)
		return choose_one(plan, spec->helper, facts, err);
	choose_any(plan, facts);
	return 0;
}

int helper_choose_collector(struct plan *plan, enum helper_way asked,
			    const struct facts *facts, struct err *err)
{
	bool is_direct = is_worth_trying(HELPER_DIRECT, plan, facts);

	copy_paths(&plan->helper, &facts->helper);
	if (asked == HELPER_QEMU)
		return err_set(err, -EINVAL,
			       "--helper qemu: QEMU's bridge helper removes "
			       "nothing");
	if (asked != HELPER_AUTO)
		return choose_one(plan, asked, facts, err);
	if (is_direct)
		add_way(plan, HELPER_DIRECT);
	if (is_worth_trying(HELPER_SOCKET, plan, facts))
		add_way(plan, HELPER_SOCKET);
	/* Without a privilege it sees at least whether there is anything: for
	 * nothing, nobody is asked for a password. */
	if (!is_direct)
		add_way(plan, HELPER_DIRECT);
	if (is_worth_trying(HELPER_SUDO, plan, facts))
		add_way(plan, HELPER_SUDO);
	return 0;
}
