/* SPDX-License-Identifier: Apache-2.0 */
#include "permit.h"

#include "access_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

bool permit_is_needed(uid_t client, uid_t starter, bool is_secure)
{
	/*
	 * Whoever starts a program with a file capability chooses its socket:
	 * it may be one that root has the other end of, for its own ends.
	 */
	if (client == 0)
		return is_secure && starter != 0;
	return is_secure || client != starter;
}

int permit_open(struct permit *ret, uid_t client, struct fail *fail)
{
	struct permit permit = { .is_enforced = true };
	int rc;

	if (!permit_is_needed(client, getuid(), getauxval(AT_SECURE) != 0)) {
		*ret = (struct permit){ 0 };
		return 0;
	}
	rc = account_read(client, &permit.client);
	if (rc < 0)
		return fail_errno(fail, -rc, NULL, "cannot look up user %u",
				  client);
	if (*permit.client.name)
		snprintf(permit.who, sizeof(permit.who), "user %s",
			 permit.client.name);
	else
		snprintf(permit.who, sizeof(permit.who), "user %u", client);
	rc = access_file_load(&permit.list);
	if (rc < 0) {
		permit_done(&permit);
		return fail_errno(fail, -rc, NULL,
				  "cannot read the access list");
	}
	*ret = permit;
	return 0;
}

void permit_done(struct permit *permit)
{
	account_done(&permit->client);
	free(permit->list);
	permit->list = NULL;
}

static int fail_invalid(const struct permit *p, struct fail *fail)
{
	const struct access_list *list = p->list;
	char more[80] = "";

	if (list->n_findings > 1)
		snprintf(more, sizeof(more),
			 " (and %u more: 'xkvm net check' shows them)",
			 list->n_findings - 1);
	return fail_set(fail, FAIL_ACL,
			"no bridge is open to %s until this is mended: %s%s",
			p->who, list->findings[0].text, more);
}

static int fail_unlisted(const struct permit *p, const char *bridge,
			 uint16_t vlan, const char *tap, struct fail *fail)
{
	const char *name = p->client.name;
	char port[sizeof(" vlan=65535 tap=") + NET_NAME_MAX] = "";
	size_t len = 0;

	if (vlan != ACCESS_ANY_VLAN)
		len = (size_t)snprintf(port, sizeof(port), " vlan=%u", vlan);
	if (tap)
		snprintf(port + len, sizeof(port) - len, " tap=%s", tap);
	return fail_set(fail, FAIL_ACL,
			"no line of %s allows '%s'%s to %s; an administrator "
			"can add the line 'allow %s%s%s%s'",
			p->list->files[0], bridge, port, p->who, bridge,
			*name ? " user:" : "", name, port);
}

int permit_check(const struct permit *permit, const char *bridge, uint16_t vlan,
		 const char *tap, const struct access_rule **ret_rule,
		 struct fail *fail)
{
	const struct access_request request = { .bridge = bridge,
						.uid = permit->client.uid,
						.gids = permit->client.gids,
						.n_gids = permit->client.n_gids,
						.vlan = vlan,
						.tap = tap };
	struct access_decision decision;

	*ret_rule = NULL;
	if (!permit->is_enforced)
		return 0;
	decision = access_decide(permit->list, &request);
	switch (decision.verdict) {
	case ACCESS_ALLOWED:
		*ret_rule = decision.rule;
		return 0;
	case ACCESS_DENIED:
		return fail_set(fail, FAIL_ACL,
				"'%s' is denied to %s by %s:%u; only an "
				"administrator can change that",
				bridge, permit->who,
				access_rule_file(permit->list, decision.rule),
				decision.rule->line);
	case ACCESS_UNLISTED:
		return fail_unlisted(permit, bridge, vlan, tap, fail);
	case ACCESS_INVALID:
		return fail_invalid(permit, fail);
	}
	__builtin_unreachable();
}

/* "xk0123456789 of web, xk9876543210, ..." */
static void name_taps(const struct link *taps, unsigned int n, char *ret,
		      size_t size)
{
	size_t used = 0;

	*ret = '\0';
	for (unsigned int i = 0; i < n && i < PERMIT_NAMED_MAX && used < size;
	     i++) {
		int vm_len = 0;
		const char *vm = tag_find(taps[i].alias, "vm", &vm_len);

		used += (size_t)snprintf(ret + used, size - used, "%s%s%s%.*s",
					 i ? ", " : "", taps[i].name,
					 vm ? " of " : "", vm_len,
					 vm ? vm : "");
	}
	if (n > PERMIT_NAMED_MAX && used < size)
		snprintf(ret + used, size - used, ", ...");
}

int permit_check_quota(const struct permit *permit,
		       const struct access_rule *rule, const char *bridge,
		       const struct link *taps, unsigned int count,
		       unsigned int n, struct fail *fail)
{
	char names[PERMIT_NAMED_MAX * (sizeof(taps->name) + NET_VM_MAX + 8)];

	if (!rule || !rule->max || count + n <= rule->max)
		return 0;
	if (n == 0)
		return fail_set(fail, FAIL_QUOTA,
				"another request of %s at the same time has "
				"used up max=%u of %s:%u on '%s'; try again",
				permit->who, rule->max,
				access_rule_file(permit->list, rule),
				rule->line, bridge);
	name_taps(taps, count, names, sizeof(names));
	return fail_set(fail, FAIL_QUOTA,
			"%s has %u tap%s on '%s'%s%s%s and asks for %u more; "
			"each user may have %u, by %s:%u; end a guest, or have "
			"an administrator raise max=%u",
			permit->who, count, count == 1 ? "" : "s", bridge,
			count ? " (" : "", names, count ? ")" : "", n,
			rule->max, access_rule_file(permit->list, rule),
			rule->line, rule->max);
}
