/* SPDX-License-Identifier: Apache-2.0 */
#include "nic_target.h"

#include "deadline.h"

#include <errno.h>
#include <string.h>

/* Higher than the first byte of any real MAC but a tap's. */
#define TAP_MAC_FIRST 0xfe
/* A Linux bridge does not wait longer for a switch that hangs. */
#define ASK_MS 1000

static int fail_no_bridge(const char *bridge, struct fail *fail)
{
	return fail_set(fail, FAIL_NOBRIDGE,
			"there is no interface '%s' in this network namespace; "
			"'ip link show type bridge' lists the bridges",
			bridge);
}

static int fail_not_bridge(const struct link *link, struct fail *fail)
{
	const char *kind = link->is_loopback ? "loopback"
			   : link->kind[0]   ? link->kind
					     : "plain network";

	return fail_set(fail, FAIL_NOTBRIDGE,
			"'%s' is not a bridge (it is a %s device); "
			"'ip link show type bridge' lists the bridges",
			link->name, kind);
}

static bool is_linux_bridge(const struct link *link)
{
	return strcmp(link->kind, "bridge") == 0;
}

/* --- a Linux bridge ------------------------------------------------------- */

static bool has_mac_of(const struct link *port, const void *bridge)
{
	return memcmp(port->mac, ((const struct link *)bridge)->mac,
		      sizeof(port->mac)) == 0;
}

/* Finds out whether the bridge's MAC has to be held. */
static int find_mac_holder(struct link_socket *s, struct nic *nic,
			   struct fail *fail)
{
	static const uint8_t no_mac[6];
	struct link holder;
	int rc = link_find_port(s, nic->bridge.index, has_mac_of, &nic->bridge,
				&holder);

	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot list the ports of '%s'",
				  nic->bridge.name);
	nic->holds_mac = (rc == 0 || nic->bridge.mac[0] >= TAP_MAC_FIRST) &&
			 memcmp(nic->bridge.mac, no_mac, sizeof(no_mac)) != 0;
	return 0;
}

static int check_linux_options(const struct nic *nic, struct fail *fail)
{
	const struct add *want = &nic->want;
	const char *bridge = nic->bridge.name;

	if (*want->iface_id)
		return fail_set(fail, FAIL_OPTION,
				"iface-id=%s is for Open vSwitch, and '%s' is "
				"a Linux bridge; leave it out",
				want->iface_id, bridge);
	if ((want->vlan || !vlan_set_is_empty(&want->trunks)) &&
	    !nic->bridge.filters_vlans)
		return fail_set(fail, FAIL_OPTION,
				"the bridge '%s' heeds no VLANs; 'ip link set "
				"%s type bridge vlan_filtering 1' makes it",
				bridge, bridge);
	return 0;
}

static int take_linux(struct link_socket *s, struct nic *nic,
		      const struct link *link, struct fail *fail)
{
	nic->attach = ATTACH_LINUX;
	nic->bridge = *link;
	nic->mtu = nic->want.mtu ? nic->want.mtu : link->mtu;
	if (check_linux_options(nic, fail) < 0)
		return -1;
	return find_mac_holder(s, nic, fail);
}

/* --- a bridge of Open vSwitch --------------------------------------------- */

/* `local`: the interface of the bridge's name, if there is one, else zero. */
static int take_ovs(struct nic *nic, const struct link *local,
		    struct fail *fail)
{
	const struct add *want = &nic->want;

	nic->attach = ATTACH_OVS;
	nic->mtu = want->mtu		    ? want->mtu
		   : is_linux_bridge(local) ? 0
					    : local->mtu;
	if (!ovs_rows_take_text(want->iface_id))
		return fail_set(fail, FAIL_OPTION,
				"iface-id=%s is not UTF-8, and Open vSwitch "
				"takes nothing else",
				want->iface_id);
	if (want->is_isolated || want->has_no_learning)
		return fail_set(fail, FAIL_OPTION,
				"%s is for Linux bridges, and '%s' is one of "
				"Open vSwitch; leave it out",
				want->is_isolated ? "isolated=1" : "learning=0",
				want->bridge);
	return 0;
}

static int find_ovs(struct ovs *ovs, struct nic *nic, const struct link *local,
		    int64_t deadline, struct fail *fail)
{
	if (ovs_ask(ovs, deadline, fail) < 0)
		return -1;
	if (!ovs_has_bridge(ovs, nic->want.bridge))
		return fail_set(fail, FAIL_NOBRIDGE,
				"Open vSwitch has no bridge '%s'; 'ovs-vsctl "
				"list-br' lists its bridges",
				nic->want.bridge);
	return take_ovs(nic, local, fail);
}

/* --- either --------------------------------------------------------------- */

/* Not a Linux bridge, and Open vSwitch could not be asked. */
static int fail_unknown(const struct nic *nic, const struct link *link,
			const struct fail *why, struct fail *fail)
{
	if (why->code == FAIL_NOOVS)
		return link->index ? fail_not_bridge(link, fail)
				   : fail_no_bridge(nic->want.bridge, fail);
	return fail_set(fail, why->code,
			"'%s' is not a Linux bridge, and whether it is one of "
			"Open vSwitch is not known: %s",
			nic->want.bridge, why->text);
}

/* Is it Open vSwitch that is not there, not for us, or in trouble? */
static bool is_of_switch(const struct fail *why)
{
	return why->code == FAIL_NOOVS || why->code == FAIL_DENIED ||
	       why->code == FAIL_OVS;
}

/* A bridge of that name, of whatever kind. */
static int find_any(struct link_socket *s, struct ovs *ovs, struct nic *nic,
		    const struct link *link, int64_t deadline,
		    struct fail *fail)
{
	const char *name = nic->want.bridge;
	const int64_t soon = deadline_in(ASK_MS);
	struct fail why;
	const bool is_known =
		ovs_ask(ovs, soon < deadline ? soon : deadline, &why) == 0;
	const bool is_ovs = is_known && ovs_has_bridge(ovs, name);

	if (!is_known && !is_of_switch(&why)) {
		*fail = why;
		return -1;
	}
	if (is_ovs && is_linux_bridge(link))
		return fail_set(fail, FAIL_AMBIGUOUS,
				"'%s' is a Linux bridge, and Open vSwitch has "
				"one of that name; say which, 'bridge:%s' or "
				"'ovs:%s'",
				name, name, name);
	if (is_ovs)
		return take_ovs(nic, link, fail);
	if (is_linux_bridge(link))
		return take_linux(s, nic, link, fail);
	if (!is_known)
		return fail_unknown(nic, link, &why, fail);
	return link->index ? fail_not_bridge(link, fail)
			   : fail_no_bridge(name, fail);
}

int nic_target_find(struct link_socket *s, struct ovs *ovs, struct nic *nic,
		    int64_t deadline, struct fail *fail)
{
	const char *name = nic->want.bridge;
	struct link link = { 0 };
	int rc;

	nic->attach = nic->want.attach;
	if (nic->attach == ATTACH_NONE)
		return 0;
	rc = link_get_by_name(s, name, &link);
	if (rc < 0 && rc != -ENODEV)
		return fail_errno(fail, -rc, s->reason,
				  "cannot look at the bridge '%s'", name);
	if (rc == 0 && strcmp(link.name, name) != 0)
		return fail_set(fail, FAIL_NOBRIDGE,
				"'%s' is another name of '%s'; use that", name,
				link.name);
	if (nic->attach == ATTACH_OVS)
		return find_ovs(ovs, nic, &link, deadline, fail);
	if (nic->attach == ATTACH_ANY)
		return find_any(s, ovs, nic, &link, deadline, fail);
	if (rc < 0)
		return fail_no_bridge(name, fail);
	if (!is_linux_bridge(&link))
		return fail_not_bridge(&link, fail);
	return take_linux(s, nic, &link, fail);
}
