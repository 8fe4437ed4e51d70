/* SPDX-License-Identifier: Apache-2.0 */
#include "nic.h"

#include "bridge_port.h"
#include "deadline.h"
#include "link_group.h"
#include "nic_mac.h"
#include "nic_name.h"
#include "nic_quota.h"
#include "nic_target.h"
#include "privilege.h"
#include "tag.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* Higher than the first byte of any real MAC. Local, and one station's. */
#define TAP_MAC_FIRST 0xfe
/* For all that a request asks of Open vSwitch. */
#define OVS_MS 5000

static int check_privilege(const struct nic *nic, uid_t client,
			   struct fail *fail)
{
	if (!nic->want.persist || (geteuid() == 0 && client == 0))
		return 0;
	return fail_set(fail, FAIL_DENIED,
			"only root may ask for a persistent tap, and it is "
			"user %u who asks; run it as root",
			client);
}

/* A tap that has a VLAN of its own and no others is in that alone. */
static uint16_t vlan_asked(const struct add *want)
{
	return vlan_set_is_empty(&want->trunks) ? (uint16_t)want->vlan
						: ACCESS_ANY_VLAN;
}

/* Is there room on its bridge for NIC `i` and those before it? */
static int check_room(struct link_socket *s, struct nic_list *list,
		      unsigned int i, int64_t deadline, struct fail *fail)
{
	const struct nic *nic = &list->nics[i];
	unsigned int n = 1;

	for (unsigned int j = 0; j < i; j++)
		n += list->nics[j].attach == nic->attach &&
		     strcmp(list->nics[j].want.bridge, nic->want.bridge) == 0;
	return nic_quota_check(s, &list->ovs, list->permit, nic, n, deadline,
			       fail);
}

/* All that needs no tap to be found out. Who may not use a bridge learns
 * nothing about it. */
static int check(struct link_socket *s, struct nic_list *list, unsigned int i,
		 uid_t client, int64_t deadline, struct fail *fail)
{
	struct nic *nic = &list->nics[i];

	if (check_privilege(nic, client, fail) < 0 ||
	    permit_check(list->permit, nic->want.bridge, vlan_asked(&nic->want),
			 *nic->want.tap ? nic->want.tap : NULL, &nic->rule,
			 fail) < 0 ||
	    nic_target_find(s, &list->ovs, nic, deadline, fail) < 0 ||
	    nic_name_check(s, &list->ovs, nic, deadline, fail) < 0 ||
	    nic_mac_check_asked(list, i, fail) < 0)
		return -1;
	/* Held for one, it is held for all. */
	nic->holds_mac &= nic_is_first_on_bridge(list, i);
	return check_room(s, list, i, deadline, fail);
}

static int open_tap(struct link_socket *s, struct nic *nic, struct fail *fail)
{
	const struct add *want = &nic->want;
	int rc;

	if (tap_open(&nic->tap, want->persist ? TAP_NUMBERED : want->tap,
		     want->queues, fail) < 0)
		return -1;
	if (want->persist && tap_set_owner(&nic->tap, want->owner, fail) < 0)
		return -1;
	rc = link_get_by_name(s, nic->tap.name, &nic->made);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot look at the tap '%s'", nic->tap.name);
	return 0;
}

/* Before the tap joins: the bridge keeps its MAC. */
static int hold_mac(struct link_socket *s, const struct nic *nic,
		    struct fail *fail)
{
	const struct link *bridge = &nic->bridge;
	int rc;

	if (!nic->holds_mac)
		return 0;
	rc = link_set_mac(s, bridge->index, bridge->mac);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot hold the MAC of '%s'", bridge->name);
	return 0;
}

/* When it has joined: a bridge whose MTU nobody has set took the lowest of its
 * ports, and setting it to what it is before that is no setting. */
static int restore_mtu(struct link_socket *s, const struct nic *nic,
		       struct fail *fail)
{
	const struct link *bridge = &nic->bridge;
	int rc;

	if (!bridge->index || nic->mtu == bridge->mtu)
		return 0;
	rc = link_set_mtu(s, bridge->index, bridge->mtu);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot keep the MTU of '%s'", bridge->name);
	return 0;
}

static int set_up_port(struct link_socket *s, const struct nic *nic,
		       struct fail *fail)
{
	const struct add *want = &nic->want;
	const struct bridge_port port = {
		.vlan = want->vlan,
		.trunks = want->trunks,
		.is_isolated = want->is_isolated,
		.has_no_learning = want->has_no_learning,
	};
	int rc;

	if (nic->attach != ATTACH_LINUX)
		return 0;
	rc = bridge_port_set_up(s, nic->made.index, &port);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot set up the port '%s' of '%s'",
				  nic->tap.name, nic->bridge.name);
	return 0;
}

/* Joins the tap to its bridge, if that is a Linux bridge; it is down then. */
static int attach(struct link_socket *s, const struct nic *nic, uint32_t group,
		  uid_t client, struct fail *fail)
{
	const struct add *want = &nic->want;
	char alias[TAG_SIZE];
	struct link_setup setup = { .mtu = nic->mtu,
				    .master = nic->bridge.index,
				    .group = want->persist ? 0 : group,
				    .alias = alias };
	int rc;

	tag_format(client, want->has_mac ? want->mac : NULL, want->vm,
		   want->persist, alias);
	if (getrandom(setup.mac, sizeof(setup.mac), 0) != sizeof(setup.mac))
		return fail_errno(fail, errno, NULL, "no random MAC");
	setup.mac[0] = TAP_MAC_FIRST;
	if (hold_mac(s, nic, fail) < 0)
		return -1;
	rc = link_set_up_tap(s, nic->made.index, &setup);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot set up the tap '%s' (mtu=%u)%s%s",
				  nic->tap.name, setup.mtu,
				  nic->bridge.index ? " on " : "",
				  nic->bridge.name);
	if (restore_mtu(s, nic, fail) < 0)
		return -1;
	return set_up_port(s, nic, fail);
}

static int bring_up(struct link_socket *s, struct nic *nic, struct fail *fail)
{
	int rc = link_bring_up(s, nic->made.index);

	if (rc == 0)
		rc = link_get_by_index(s, nic->made.index, &nic->made);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot bring up the tap '%s'",
				  nic->tap.name);
	if (!nic->made.is_up || (nic->attach != ATTACH_OVS &&
				 nic->made.master != nic->bridge.index))
		return fail_set(fail, FAIL_SYS,
				"the tap '%s' is not up%s%s, though the kernel "
				"agreed; look for a program that manages the "
				"network and has changed it",
				nic->made.name, nic->bridge.index ? " on " : "",
				nic->bridge.name);
	return 0;
}

/* Is the quota of its bridge kept, now that the tap is a port? One of Open
 * vSwitch is not yet: there it is for the guardian to ask. */
static int check_quota(struct link_socket *s, struct nic_list *list,
		       const struct nic *nic, int64_t deadline,
		       struct fail *fail)
{
	if (nic->attach == ATTACH_OVS)
		return 0;
	return nic_quota_check(s, &list->ovs, list->permit, nic, 0, deadline,
			       fail);
}

static int make(struct link_socket *s, struct nic_list *list, struct nic *nic,
		uid_t client, int64_t deadline, struct fail *fail)
{
	if (open_tap(s, nic, fail) < 0 ||
	    attach(s, nic, list->group, client, fail) < 0)
		return -1;
	return check_quota(s, list, nic, deadline, fail);
}

/* These three do it for each NIC, up to the first that fails; whose number is
 * `*ret_nic`. */
static int check_all(struct link_socket *s, struct nic_list *list, uid_t client,
		     int64_t deadline, unsigned int *ret_nic, struct fail *fail)
{
	int rc = 0;

	for (unsigned int i = 0; i < list->count && rc == 0; i++) {
		*ret_nic = i;
		rc = check(s, list, i, client, deadline, fail);
	}
	return rc;
}

/* One tap goes as fast by itself. */
static int choose_group(struct nic_list *list, struct fail *fail)
{
	int rc = list->count > 1 ? link_group_choose(&list->group) : 0;

	return rc < 0 ? fail_errno(fail, -rc, NULL, "no random group") : 0;
}

static int make_taps(struct link_socket *s, struct nic_list *list, uid_t client,
		     int64_t deadline, unsigned int *ret_nic, struct fail *fail)
{
	int rc = 0;

	privilege_raise();
	for (unsigned int i = 0; i < list->count && rc == 0; i++) {
		*ret_nic = i;
		rc = make(s, list, &list->nics[i], client, deadline, fail);
	}
	if (rc == 0)
		rc = nic_mac_check_ports(s, list, ret_nic, fail);
	privilege_lower();
	return rc;
}

/* Those that are ports of Open vSwitch, or those that are not. */
static int bring_up_taps(struct link_socket *s, struct nic_list *list,
			 bool is_ovs, struct fail *fail)
{
	int rc = 0;

	privilege_raise();
	for (unsigned int i = 0; i < list->count && rc == 0; i++) {
		if ((list->nics[i].attach == ATTACH_OVS) != is_ovs)
			continue;
		rc = bring_up(s, &list->nics[i], fail);
		if (rc < 0)
			fail->nic = (int)i;
	}
	privilege_lower();
	return rc;
}

static int make_all(struct link_socket *s, struct nic_list *list, uid_t client,
		    struct fail *fail)
{
	const int64_t deadline = deadline_in(OVS_MS);
	unsigned int nic = 0;

	if (choose_group(list, fail) < 0)
		return -1;
	if (check_all(s, list, client, deadline, &nic, fail) < 0) {
		fail->nic = (int)nic;
		return -1;
	}
	if (ovs_owner_init(&list->owner, client, fail) < 0 ||
	    guardian_start(list, deadline, fail) < 0)
		return -1;
	if (make_taps(s, list, client, deadline, &nic, fail) < 0) {
		fail->nic = (int)nic;
		return -1;
	}
	/* Only the guardian's own taps have to wait for it. */
	if (guardian_tell(list, fail) < 0 ||
	    bring_up_taps(s, list, false, fail) < 0 ||
	    guardian_await(list, fail) < 0)
		return -1;
	return bring_up_taps(s, list, true, fail);
}

void nic_list_init(struct nic_list *ret, const char *ovsdb)
{
	ret->count = 0;
	ret->group = 0;
	ret->guardian = (struct guardian){ .fd = -1 };
	ovs_init(&ret->ovs, ovsdb);
}

int nic_list_make(struct nic_list *list, uid_t client,
		  const struct permit *permit, struct fail *fail)
{
	struct link_socket s;
	int rc = link_open(&s);

	if (rc < 0)
		return fail_errno(fail, -rc, NULL, "no netlink socket");
	list->permit = permit;
	list->gc = gc_of_client(client);
	rc = make_all(&s, list, client, fail);
	link_close(&s);
	return rc;
}

static int persist(const struct nic_list *list, struct fail *fail)
{
	int rc = 0;

	privilege_raise();
	for (unsigned int i = 0; i < list->count && rc == 0; i++) {
		const struct nic *nic = &list->nics[i];

		if (!nic->want.persist)
			continue;
		rc = tap_set_persistent(&nic->tap, true, fail);
		if (rc < 0)
			fail->nic = (int)i;
	}
	privilege_lower();
	return rc;
}

int nic_list_commit(struct nic_list *list, int lifeline, struct fail *fail)
{
	if (persist(list, fail) < 0)
		return -1;
	return guardian_commit(&list->guardian, lifeline, fail);
}

void nic_list_release(struct nic_list *list)
{
	for (unsigned int i = 0; i < list->count; i++)
		tap_close(&list->nics[i].tap);
	ovs_close(&list->ovs);
	if (list->guardian.fd >= 0)
		close(list->guardian.fd);
	list->guardian.fd = -1;
}
