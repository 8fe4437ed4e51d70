/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the client of a session may have, by the access list. wire.h says which
 * clients are held to it.
 *
 * A quota is counted from the taps that are there, by their tags or by their
 * rows in Open vSwitch's database, so a tap is counted as long as it lives, and
 * nothing has to be written down. The count is taken before the taps are made,
 * and again when each is a port: of two requests at once, the one that joins
 * last sees the taps of the other, and
 * gives up. That both may do, where one could stay; what they cannot do is
 * exceed the quota. A lock would not be better: a helper with a file
 * capability can hold none that its client cannot hold as well, for ever.
 */
#ifndef XKVM_NET_PERMIT_H
#define XKVM_NET_PERMIT_H

#include "access.h"
#include "account.h"
#include "fail.h"
#include "link.h"

#include <stdbool.h>

/* Zeroed, it permits everything. */
struct permit {
	bool is_enforced;
	struct account client; /* owned; as the rest, only where enforced */
	struct access_list *list; /* owned */
	char who[sizeof("user ") + sizeof(((struct account *)0)->name)];
};

/*
 * Must `client` be held to the access list? `starter` is the real uid of this
 * process, `is_secure` whether it got a privilege when it was started.
 */
bool permit_is_needed(uid_t client, uid_t starter, bool is_secure);

/* Reads the list, where the client must be held to it. */
must_check int permit_open(struct permit *ret, uid_t client, struct fail *fail);

void permit_done(struct permit *permit);

/*
 * May the client have a tap on this bridge, and give it this name? `vlan` and
 * `tap` as in access.h. Writes the rule that allows it; NULL where none has to.
 */
must_check int permit_check(const struct permit *permit, const char *bridge,
			    uint16_t vlan, const char *tap,
			    const struct access_rule **ret_rule,
			    struct fail *fail);

/* How many of the taps that fill a quota are named. */
#define PERMIT_NAMED_MAX 4

/*
 * Does the quota of the rule, which may be NULL, have room for `n` more taps on
 * the bridge? For none: is it kept? The client has `count` taps there, and the
 * first PERMIT_NAMED_MAX of these are in `taps`.
 */
must_check int permit_check_quota(const struct permit *permit,
				  const struct access_rule *rule,
				  const char *bridge, const struct link *taps,
				  unsigned int count, unsigned int n,
				  struct fail *fail);

#endif
