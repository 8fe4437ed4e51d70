/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The NICs of one request: made all, or none of them.
 *
 * What can be known to fail is found out before the first tap is made. A tap
 * is set up while it is down, so that the bridge never sees it with another
 * MTU or MAC, and nothing passes it before it has joined. In the end the
 * kernel is asked whether all that came true.
 *
 * A bridge's MAC is the lowest one of its ports, and zero after the last of
 * them has gone, unless somebody has set it. A tap's MAC starts with 0xfe, so
 * that it is higher than that of any port but another tap. Where no such port
 * holds the bridge's MAC, it would come and go with the tap: there it is set,
 * to what it is. A MAC of zero cannot be set, and is not held.
 */
#ifndef XKVM_NET_NIC_H
#define XKVM_NET_NIC_H

#include "fail.h"
#include "gc.h"
#include "guardian.h"
#include "link.h"
#include "message.h"
#include "ovs.h"
#include "permit.h"
#include "tap.h"

#include <stdbool.h>
#include <sys/types.h>

struct nic {
	struct add want;
	struct tap tap; /* owned */
	const struct access_rule *rule; /* that allows it; NULL: none has to */
	enum attach_type attach; /* never ATTACH_ANY, when it is found */
	struct link bridge; /* a Linux bridge; index 0: none */
	bool holds_mac; /* the bridge's MAC must be set to what it is */
	uint32_t mtu; /* that the tap is to have; 0: as it is made */
	struct link made; /* the tap, when it is up */
	char port[NET_UUID_SIZE]; /* its row, with ATTACH_OVS */
};

struct nic_list {
	unsigned int count;
	struct nic nics[NET_NICS_MAX];
	uint32_t group; /* of those taps that are to go together; 0: of none */
	const struct permit *permit; /* of the rules; not owned */
	struct ovs ovs; /* owned */
	struct ovs_owner owner; /* of the ports */
	struct gc gc; /* what the guardian may remove of others */
	struct guardian guardian; /* owned */
};

/* Makes an empty list. `ovsdb` is the path of the database's socket. */
void nic_list_init(struct nic_list *ret, const char *ovsdb);

/*
 * Makes the tap of each `want` for `client`, a user, as far as the permit goes.
 * On failure `fail->nic` says which NIC is at fault, and it takes
 * nic_list_undo() to be rid of the taps made so far. The permit must live as
 * long as the list.
 */
must_check int nic_list_make(struct nic_list *list, uid_t client,
			     const struct permit *permit, struct fail *fail);

/*
 * Makes those persistent that ought to be, and leaves the others to their
 * guardian, until the client's end of `lifeline` closes; -1: there is none. On
 * failure as above.
 */
must_check int nic_list_commit(struct nic_list *list, int lifeline,
			       struct fail *fail);

/* Deletes what was made, whoever else has descriptors of it. */
void nic_list_undo(struct nic_list *list);

/* Closes the descriptors, and all else: others have them, or will open
 * persistent taps. */
void nic_list_release(struct nic_list *list);

#endif
