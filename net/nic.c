/* SPDX-License-Identifier: Apache-2.0 */
#include "nic.h"

#include "privilege.h"
#include "tag.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* Higher than the first byte of any real MAC. Local, and one station's. */
#define TAP_MAC_FIRST 0xfe

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

static bool has_mac_of(const struct link *port, const void *bridge)
{
	return memcmp(port->mac, ((const struct link *)bridge)->mac,
		      sizeof(port->mac)) == 0;
}

/* Finds the bridge, and whether its MAC has to be held. */
static int find_bridge(struct link_socket *s, struct nic *nic,
		       struct fail *fail)
{
	static const uint8_t no_mac[6];
	const char *name = nic->want.bridge;
	struct link holder;
	int rc;

	if (nic->want.attach == ATTACH_NONE)
		return 0;
	rc = link_get_by_name(s, name, &nic->bridge);
	if (rc == -ENODEV)
		return fail_no_bridge(name, fail);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot look at the bridge '%s'", name);
	if (strcmp(nic->bridge.name, name) != 0)
		return fail_set(fail, FAIL_NOBRIDGE,
				"'%s' is another name of '%s'; use that", name,
				nic->bridge.name);
	if (strcmp(nic->bridge.kind, "bridge") != 0)
		return fail_not_bridge(&nic->bridge, fail);
	rc = link_find_port(s, nic->bridge.index, has_mac_of, &nic->bridge,
			    &holder);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot list the ports of '%s'", name);
	nic->holds_mac = (rc == 0 || nic->bridge.mac[0] >= TAP_MAC_FIRST) &&
			 memcmp(nic->bridge.mac, no_mac, sizeof(no_mac)) != 0;
	return 0;
}

/* Does an earlier NIC of the request have the MAC of NIC `i`, on its bridge? */
static int check_macs_asked(const struct nic_list *list, unsigned int i,
			    struct fail *fail)
{
	const struct add *want = &list->nics[i].want;
	char mac[MAC_TEXT_SIZE];

	for (unsigned int j = 0; j < i && want->has_mac; j++) {
		const struct add *other = &list->nics[j].want;

		if (!other->has_mac ||
		    strcmp(want->bridge, other->bridge) != 0 ||
		    memcmp(want->mac, other->mac, sizeof(want->mac)) != 0)
			continue;
		mac_format(want->mac, mac);
		return fail_set(fail, FAIL_MAC,
				"NICs %u and %u both ask for mac=%s on '%s'; "
				"give one of them another mac=",
				j, i, mac, want->bridge);
	}
	return 0;
}

/* Is there room on its bridge for NIC `i` and those before it? */
static int check_room(struct link_socket *s, const struct nic_list *list,
		      unsigned int i, const struct permit *permit,
		      struct fail *fail)
{
	const struct nic *nic = &list->nics[i];
	unsigned int n = 1;

	for (unsigned int j = 0; j < i; j++)
		n += list->nics[j].bridge.index == nic->bridge.index;
	return permit_check_quota(permit, nic->rule, s, &nic->bridge, n, fail);
}

/* All that needs no tap to be found out. Who may not use a bridge learns
 * nothing about it. */
static int check(struct link_socket *s, struct nic_list *list, unsigned int i,
		 uid_t client, const struct permit *permit, struct fail *fail)
{
	struct nic *nic = &list->nics[i];

	if (check_privilege(nic, client, fail) < 0 ||
	    permit_check(permit, nic->want.bridge, ACCESS_ANY_VLAN, &nic->rule,
			 fail) < 0 ||
	    check_macs_asked(list, i, fail) < 0 ||
	    find_bridge(s, nic, fail) < 0)
		return -1;
	return check_room(s, list, i, permit, fail);
}

static int open_tap(struct link_socket *s, struct nic *nic, struct fail *fail)
{
	const struct add *want = &nic->want;
	int rc;

	if (tap_open(&nic->tap,
		     want->persist ? TAP_NAME_NUMBERED : TAP_NAME_UNIQUE,
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

/* Joins the tap to its bridge; it is down then. */
static int attach(struct link_socket *s, const struct nic *nic, uid_t client,
		  struct fail *fail)
{
	const struct add *want = &nic->want;
	const struct link *bridge = &nic->bridge;
	char alias[TAG_SIZE];
	struct link_setup setup = { .mtu = bridge->mtu,
				    .master = bridge->index,
				    .alias = alias };
	int rc;

	tag_format(client, want->has_mac ? want->mac : NULL, want->vm, alias);
	if (getrandom(setup.mac, sizeof(setup.mac), 0) != sizeof(setup.mac))
		return fail_errno(fail, errno, NULL, "no random MAC");
	setup.mac[0] = TAP_MAC_FIRST;
	if (nic->holds_mac) {
		rc = link_set_mac(s, bridge->index, bridge->mac);
		if (rc < 0)
			return fail_errno(fail, -rc, s->reason,
					  "cannot hold the MAC of '%s'",
					  bridge->name);
	}
	rc = link_set_up_tap(s, nic->made.index, &setup);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot set up the tap '%s' (mtu=%u)%s%s",
				  nic->tap.name, setup.mtu,
				  bridge->index ? " on " : "", bridge->name);
	return 0;
}

/* Another port, for a guest with the same MAC? */
static bool has_guest_mac_of(const struct link *port, const void *context)
{
	const struct nic *nic = context;

	return port->index != nic->made.index &&
	       tag_has_mac(port->alias, nic->want.mac);
}

/*
 * Looked for when the tap is already a port, so that of two who ask at the same
 * time for the same MAC at least one sees the other.
 */
static int check_mac_in_use(struct link_socket *s, const struct nic *nic,
			    struct fail *fail)
{
	struct link other;
	char mac[MAC_TEXT_SIZE];
	const char *vm;
	int vm_len = 0;
	int rc;

	if (!nic->want.has_mac || !nic->bridge.index)
		return 0;
	rc = link_find_port(s, nic->bridge.index, has_guest_mac_of, nic,
			    &other);
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot list the ports of '%s'",
				  nic->bridge.name);
	if (rc == 0)
		return 0;
	mac_format(nic->want.mac, mac);
	vm = tag_find(other.alias, "vm", &vm_len);
	return fail_set(fail, FAIL_MAC,
			"mac=%s is in use on '%s' by the tap '%s'%s%.*s; "
			"give this NIC another mac=",
			mac, nic->bridge.name, other.name,
			vm ? " of the guest " : "", vm_len, vm ? vm : "");
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
	if (!nic->made.is_up || nic->made.master != nic->bridge.index)
		return fail_set(fail, FAIL_SYS,
				"the tap '%s' is not up%s%s, though the kernel "
				"agreed; look for a program that manages the "
				"network and has changed it",
				nic->made.name, nic->bridge.index ? " on " : "",
				nic->bridge.name);
	return 0;
}

static int make(struct link_socket *s, struct nic *nic, uid_t client,
		const struct permit *permit, struct fail *fail)
{
	if (open_tap(s, nic, fail) < 0 || attach(s, nic, client, fail) < 0 ||
	    check_mac_in_use(s, nic, fail) < 0 ||
	    permit_check_quota(permit, nic->rule, s, &nic->bridge, 0, fail) < 0)
		return -1;
	return bring_up(s, nic, fail);
}

/* All or, half-way, up to the first that fails; whose number is `*ret_nic`. */
static int make_all(struct link_socket *s, struct nic_list *list, uid_t client,
		    const struct permit *permit, unsigned int *ret_nic,
		    struct fail *fail)
{
	for (unsigned int i = 0; i < list->count; i++) {
		*ret_nic = i;
		if (check(s, list, i, client, permit, fail) < 0)
			return -1;
	}
	for (unsigned int i = 0; i < list->count; i++) {
		*ret_nic = i;
		if (make(s, &list->nics[i], client, permit, fail) < 0)
			return -1;
	}
	return 0;
}

int nic_list_make(struct nic_list *list, uid_t client,
		  const struct permit *permit, struct fail *fail)
{
	struct link_socket s;
	unsigned int nic = 0;
	int rc;

	privilege_raise();
	rc = link_open(&s);
	if (rc < 0) {
		privilege_lower();
		return fail_errno(fail, -rc, NULL, "no netlink socket");
	}
	rc = make_all(&s, list, client, permit, &nic, fail);
	if (rc < 0)
		fail->nic = (int)nic;
	link_close(&s);
	privilege_lower();
	return rc;
}

int nic_list_persist(const struct nic_list *list, struct fail *fail)
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

/* `s` may be NULL. */
static void undo(struct link_socket *s, const struct nic *nic)
{
	struct fail ignored;

	if (nic->made.index && s && link_delete(s, nic->made.index) == 0)
		return;
	/* It goes with its descriptors, then. */
	if (nic->tap.n_fds && nic->want.persist)
		tap_set_persistent(&nic->tap, false, &ignored);
}

void nic_list_undo(struct nic_list *list)
{
	struct link_socket s;
	bool has_netlink;

	privilege_raise();
	has_netlink = link_open(&s) == 0;
	for (unsigned int i = 0; i < list->count; i++)
		undo(has_netlink ? &s : NULL, &list->nics[i]);
	if (has_netlink)
		link_close(&s);
	privilege_lower();
	nic_list_release(list);
}

void nic_list_release(struct nic_list *list)
{
	for (unsigned int i = 0; i < list->count; i++)
		tap_close(&list->nics[i].tap);
}
