/* SPDX-License-Identifier: Apache-2.0 */
#include "gc.h"

#include "deadline.h"
#include "ovs_taps.h"
#include "permit.h"
#include "privilege.h"
#include "tag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* For all that is asked of Open vSwitch. */
#define OVS_MS 5000

struct gc gc_of_client(uid_t client)
{
	const bool is_held =
		permit_is_needed(client, getuid(), getauxval(AT_SECURE) != 0);

	/* A user who has got hold of a socket of root's is that user. */
	return (struct gc){ .is_for_all = client == 0 && !is_held,
			    .uid = client ? client : getuid() };
}

static void report(const struct gc *gc, enum gone_kind what, const char *name,
		   const char *bridge)
{
	if (gc->report)
		gc->report(what, name, bridge, gc->context);
}

/* --- taps ----------------------------------------------------------------- */

bool gc_is_abandoned(const struct link *link)
{
	return link->is_persistent && !link->has_carrier &&
	       tag_is_ours(link->alias) && !tag_is_persistent(link->alias);
}

static bool is_garbage(const struct link *link, const void *context)
{
	const struct gc *gc = context;

	return gc_is_abandoned(link) &&
	       (gc->is_for_all || tag_has_uid(link->alias, gc->uid));
}

/* Looks once more: the tap may have gone since, or been taken up. */
static int remove_tap(const struct gc *gc, struct link_socket *s,
		      uint32_t index)
{
	struct link bridge = { .name = "" }, link;
	int rc = link_get_by_index(s, index, &link);

	if (rc < 0 || !is_garbage(&link, gc))
		return rc == -ENODEV ? 0 : rc;
	if (link.master && link_get_by_index(s, link.master, &bridge) < 0)
		*bridge.name = '\0';
	if (!gc->is_dry) {
		privilege_raise();
		rc = link_delete(s, index);
		privilege_lower();
	}
	if (rc == 0)
		report(gc, GONE_TAP, link.name, bridge.name);
	return rc == -ENODEV ? 0 : rc;
}

static int remove_taps(const struct gc *gc, struct link_socket *s,
		       struct link *taps, unsigned int size)
{
	int count = link_list(s, 0, is_garbage, gc, taps, size);
	int rc = count < 0 ? count : 0;

	/* Of more that have come meanwhile, the next one takes care. */
	for (unsigned int i = 0; i < size && (int)i < count && rc == 0; i++)
		rc = remove_tap(gc, s, taps[i].index);
	return rc;
}

int gc_taps(const struct gc *gc, struct link_socket *s, struct fail *fail)
{
	int count = link_list(s, 0, is_garbage, gc, NULL, 0);
	struct link *taps;
	int rc = count;

	if (count > 0) {
		taps = calloc((size_t)count, sizeof(*taps));
		rc = taps ? remove_taps(gc, s, taps, (unsigned int)count)
			  : -ENOMEM;
		free(taps);
	}
	if (rc < 0)
		return fail_errno(fail, -rc, s->reason,
				  "cannot remove what is left of taps");
	return 0;
}

/* --- ports ---------------------------------------------------------------- */

enum gc_port gc_judge_port(const struct gc *gc, const json_t *tags,
			   const struct ovs_owner *here)
{
	const char *boot = ovsdb_map_text(tags, "xkvm-boot");
	const char *uid = ovsdb_map_text(tags, "xkvm-uid");
	const char *network = ovsdb_map_text(tags, "xkvm-network");
	char own_uid[sizeof("4294967295")];

	snprintf(own_uid, sizeof(own_uid), "%u", gc->uid);
	if (!ovsdb_map_text(tags, "xkvm-id") || !boot ||
	    (!gc->is_for_all && (!uid || strcmp(uid, own_uid) != 0)))
		return GC_PORT_KEPT;
	if (strcmp(boot, here->boot) != 0)
		return GC_PORT_DEAD;
	return network && strcmp(network, here->network) == 0 ? GC_PORT_AS_TAP
							      : GC_PORT_KEPT;
}

struct judge {
	const struct gc *gc;
	struct link_socket *links;
	const struct ovs_owner *here;
};

static bool is_dead(const json_t *row, void *context)
{
	const struct judge *judge = context;
	const json_t *tags = json_object_get(row, "external_ids");
	const char *name = json_string_value(json_object_get(row, "name"));

	switch (gc_judge_port(judge->gc, tags, judge->here)) {
	case GC_PORT_KEPT:
		return false;
	case GC_PORT_DEAD:
		return true;
	case GC_PORT_AS_TAP:
		return !ovs_has_tap(judge->links, name, tags);
	}
	__builtin_unreachable();
}

static void report_port(const json_t *row, void *context)
{
	const struct judge *judge = context;
	const char *name = json_string_value(json_object_get(row, "name"));
	const char *bridge = ovsdb_map_text(
		json_object_get(row, "external_ids"), "xkvm-bridge");

	report(judge->gc, GONE_PORT, name ? name : "?", bridge ? bridge : "");
}

int gc_ports(const struct gc *gc, struct ovs *ovs, struct link_socket *s,
	     const struct ovs_owner *here, int64_t deadline, struct fail *fail)
{
	struct judge judge = { gc, s, here };
	const struct ovs_sweep sweep = { is_dead, report_port, &judge,
					 gc->is_dry };

	return ovs_sweep(ovs, &sweep, deadline, fail);
}

/* --- both ----------------------------------------------------------------- */

/* Who does not reach Open vSwitch has made no port there; but who names a
 * database must have meant one. */
static bool may_be_without(const struct ovs *ovs, const struct fail *fail)
{
	return strcmp(ovs->path, OVSDB_PATH) == 0 &&
	       (fail->code == FAIL_NOOVS || fail->code == FAIL_DENIED);
}

static int run(const struct gc *gc, struct ovs *ovs, struct link_socket *s,
	       struct fail *fail)
{
	const int64_t deadline = deadline_in(OVS_MS);
	struct ovs_owner here;

	if (gc_taps(gc, s, fail) < 0)
		return -1;
	if (ovs_connect(ovs, deadline, fail) < 0)
		return may_be_without(ovs, fail) ? 0 : -1;
	if (ovs_owner_init(&here, gc->uid, fail) < 0)
		return -1;
	return gc_ports(gc, ovs, s, &here, deadline, fail);
}

int gc_run(const struct gc *gc, struct ovs *ovs, struct fail *fail)
{
	struct link_socket s;
	int rc = link_open(&s);

	if (rc < 0)
		return fail_errno(fail, -rc, NULL, "no netlink socket");
	rc = run(gc, ovs, &s, fail);
	link_close(&s);
	return rc;
}
