/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ports of Open vSwitch's bridges, by its database. ovs_rows.h has how they are
 * marked.
 *
 * That the database took a port says nothing about the switch: that it did is
 * known when cur_cfg has come up to our next_cfg, and the Interface then has a
 * port number and no error.
 */
#ifndef XKVM_NET_OVS_H
#define XKVM_NET_OVS_H

#include "fail.h"
#include "link.h"
#include "ovs_rows.h"
#include "ovsdb.h"

#include <stdbool.h>

struct ovs {
	const char *path; /* of the database's socket; not owned */
	struct ovsdb db; /* owned */
	json_t *bridges; /* owned: rows with their names; NULL: not asked */
};

/* The Port that came of a struct ovs_port. */
struct ovs_made {
	char uuid[NET_UUID_SIZE];
	char interface[NET_UUID_SIZE];
};

/* Makes no system call. */
void ovs_init(struct ovs *ret, const char *path);
void ovs_close(struct ovs *ovs);

/* A new name for a request of `uid`. */
must_check int ovs_owner_init(struct ovs_owner *ret, uid_t uid,
			      struct fail *fail);

/* Connects, if it is not. */
must_check int ovs_connect(struct ovs *ovs, int64_t deadline,
			   struct fail *fail);

/*
 * A transaction in which no operation may fail. The operations are taken over.
 * Where one failed, `*ret_failed` is its number; their count, where it is none
 * of them.
 */
must_check int ovs_transact(struct ovs *ovs, json_t *operations,
			    int64_t deadline, json_t **ret_results,
			    size_t *ret_failed, struct fail *fail);

/* Connects, if it is not, and asks which bridges there are, if it has not. */
must_check int ovs_ask(struct ovs *ovs, int64_t deadline, struct fail *fail);

/* Is there such a bridge? After ovs_ask(). */
bool ovs_has_bridge(const struct ovs *ovs, const char *name);

/*
 * Adds the ports, all or none, and waits until the switch has taken them.
 * `links` tells of a port that has the MAC of one of them whether its tap is
 * still there. On failure `*ret_failed` is the number of the port at fault, or
 * `count`; the database may then have taken them all the same, and they are to
 * be removed.
 */
must_check int ovs_add(struct ovs *ovs, struct link_socket *links,
		       const struct ovs_owner *owner,
		       const struct ovs_port *ports, size_t count,
		       int64_t deadline, struct ovs_made *ret,
		       size_t *ret_failed, struct fail *fail);

/*
 * Removes the ports that carry `id`: the one of the tap `name`, or all (NULL).
 * Connects, if it is not. That there is none is no failure.
 */
must_check int ovs_remove(struct ovs *ovs, const char *id, const char *name,
			  int64_t deadline, struct fail *fail);

/* Which ports are to be removed. A row has _uuid, name and external_ids. */
struct ovs_sweep {
	bool (*is_meant)(const json_t *row, void *context);
	void (*report)(const json_t *row, void *context); /* of those removed */
	void *context;
	bool is_dry; /* removes nothing */
};

/* Looks at all ports of the switch, and removes some in one transaction.
 * Connects, if it is not. */
must_check int ovs_sweep(struct ovs *ovs, const struct ovs_sweep *sweep,
			 int64_t deadline, struct fail *fail);

#endif
