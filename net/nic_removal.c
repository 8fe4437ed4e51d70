/* SPDX-License-Identifier: Apache-2.0 */
#include "nic_removal.h"

#include "deadline.h"
#include "link_group.h"
#include "privilege.h"
#include "tag.h"

#include <errno.h>
#include <string.h>

/* For what a failure has left in the database. */
#define UNDO_MS 5000

/* An index may be given out again, and names are not; nor is anything deleted
 * that has not our tag. */
static bool is_tap(const struct link *link, const struct nic *nic)
{
	return link->index == nic->made.index &&
	       strcmp(link->name, nic->tap.name) == 0 &&
	       tag_is_ours(link->alias);
}

static bool is_of_list(const struct link *link, const void *context)
{
	const struct nic_list *list = context;

	for (unsigned int i = 0; i < list->count; i++)
		if (is_tap(link, &list->nics[i]))
			return true;
	return false;
}

void nic_list_delete_group(const struct nic_list *list, struct link_socket *s)
{
	if (list->group &&
	    link_group_delete(s, list->group, is_of_list, list) < 0)
		return;
}

int nic_delete_tap(const struct nic *nic, struct link_socket *s)
{
	struct link link;
	int rc = link_get_by_index(s, nic->made.index, &link);

	if (rc == 0 && is_tap(&link, nic))
		rc = link_delete(s, link.index);
	return rc == -ENODEV ? 0 : rc;
}

/* `s` may be NULL. */
static void undo_tap(struct link_socket *s, const struct nic *nic)
{
	struct fail ignored;

	if (nic->made.index && s && nic_delete_tap(nic, s) == 0)
		return;
	/* It goes with its descriptors, then. */
	if (nic->tap.n_fds && nic->want.persist)
		tap_set_persistent(&nic->tap, false, &ignored);
}

static void undo_taps(const struct nic_list *list)
{
	struct link_socket s;
	bool has_netlink = link_open(&s) == 0;

	privilege_raise();
	if (has_netlink)
		nic_list_delete_group(list, &s);
	for (unsigned int i = 0; i < list->count; i++)
		undo_tap(has_netlink ? &s : NULL, &list->nics[i]);
	privilege_lower();
	if (has_netlink)
		link_close(&s);
}

/* On a new connection: a guardian that is killed has used the other. */
static void undo_ports(struct nic_list *list)
{
	struct fail ignored;

	ovs_close(&list->ovs);
	if (ovs_remove(&list->ovs, list->owner.id, NULL, deadline_in(UNDO_MS),
		       &ignored) < 0)
		ovs_close(&list->ovs);
}

void nic_list_undo(struct nic_list *list)
{
	bool may_have_ports = list->guardian.has_taps && list->ovs.bridges;

	if (!guardian_undo(&list->guardian)) {
		undo_taps(list);
		if (may_have_ports)
			undo_ports(list);
	}
	nic_list_release(list);
}
