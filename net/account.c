/* SPDX-License-Identifier: Apache-2.0 */
#include "account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's limit on the groups of a process, and the primary one. */
#define GROUPS_MAX (65536 + 1)

/* The C library says so in several ways when a name is not there. */
static int not_found(void)
{
	return errno == 0 || errno == ESRCH ? -ENOENT : -errno;
}

int account_find_uid(const char *name, uid_t *ret)
{
	const struct passwd *user;

	errno = 0;
	user = getpwnam(name);
	if (!user)
		return not_found();
	*ret = user->pw_uid;
	return 0;
}

int account_find_gid(const char *name, gid_t *ret)
{
	const struct group *group;

	errno = 0;
	group = getgrnam(name);
	if (!group)
		return not_found();
	*ret = group->gr_gid;
	return 0;
}

/* Asks with ever more room until all groups fit. */
static int read_groups(struct account *account, gid_t primary)
{
	int n = 64;

	for (;;) {
		gid_t *gids =
			reallocarray(account->gids, (size_t)n, sizeof(*gids));
		int room = n;

		if (!gids)
			return -ENOMEM;
		account->gids = gids;
		if (getgrouplist(account->name, primary, gids, &n) >= 0) {
			account->n_gids = (size_t)n;
			return 0;
		}
		if (room >= GROUPS_MAX)
			return -E2BIG;
		n = n > room ? n : 2 * room;
	}
}

int account_read(uid_t uid, struct account *ret)
{
	struct account account = { .uid = uid };
	const struct passwd *user;
	int rc;

	errno = 0;
	user = getpwuid(uid);
	if (!user) {
		rc = not_found();
		if (rc == -ENOENT)
			*ret = account;
		return rc == -ENOENT ? 0 : rc;
	}
	if (strlen(user->pw_name) >= sizeof(account.name))
		return -ENAMETOOLONG;
	memcpy(account.name, user->pw_name, strlen(user->pw_name) + 1);
	rc = read_groups(&account, user->pw_gid);
	if (rc < 0) {
		account_done(&account);
		return rc;
	}
	*ret = account;
	return 0;
}

void account_done(struct account *account)
{
	free(account->gids);
	account->gids = NULL;
	account->n_gids = 0;
}
