/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users and groups, as the host's databases (nsswitch.conf) know them. A user
 * is a uid: one that has no name there is in no group.
 */
#ifndef XKVM_NET_ACCOUNT_H
#define XKVM_NET_ACCOUNT_H

#include "fail.h"

#include <stddef.h>
#include <sys/types.h>

/* Zeroed, it is root without a group. */
struct account {
	uid_t uid;
	char name[256]; /* empty: the uid has no name */
	gid_t *gids; /* owned */
	size_t n_gids;
};

/* 0, -ENOENT where there is none, or another -errno. */
must_check int account_find_uid(const char *name, uid_t *ret);
must_check int account_find_gid(const char *name, gid_t *ret);

/* The user and all groups. A uid without a name is no failure. 0 or -errno. */
must_check int account_read(uid_t uid, struct account *ret);

void account_done(struct account *account);

#endif
