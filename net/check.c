/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "access_file.h"
#include "account.h"
#include "link.h"
#include "privilege.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_INVALID 1
#define STATUS_UNTOLD 2
/* As many bridges of this host are shown. */
#define BRIDGES_MAX 1024

struct check {
	const char *user; /* NULL: the caller */
	const char *path; /* NULL: the list in force */
	struct access_list *list; /* owned */
	struct account account; /* owned */
	struct link_socket socket; /* owned */
};

__attribute__((format(printf, 1, 2))) static void complain(const char *fmt, ...)
{
	va_list args;

	fputs("xkvm-net: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

#define untold(...) (complain(__VA_ARGS__), STATUS_UNTOLD)

static int parse_arguments(char **argv, struct check *c)
{
	for (; *argv; argv++) {
		if (strcmp(*argv, "--user") == 0) {
			c->user = *++argv;
			if (!c->user)
				return untold("--user needs a name");
		} else if (strncmp(*argv, "--user=", 7) == 0) {
			c->user = *argv + 7;
		} else if (**argv == '-') {
			return untold("--check does not know '%s'; it is "
				      "called as " CHECK_USAGE,
				      *argv);
		} else if (c->path) {
			return untold("--check takes one file; '%s' is one "
				      "more",
				      *argv);
		} else {
			c->path = *argv;
		}
	}
	return 0;
}

static int load_draft(const char *path, struct access_list **ret)
{
	char folder[PATH_MAX], full[2 * PATH_MAX];

	if (*path == '/')
		return access_file_load_draft(path, ret);
	/* A folder that was removed has no path. */
	if (!getcwd(folder, sizeof(folder)))
		return -ENOENT;
	snprintf(full, sizeof(full), "%s/%s", folder, path);
	return access_file_load_draft(full, ret);
}

static int load(struct check *c)
{
	uid_t uid = getuid();
	int rc = c->user ? account_find_uid(c->user, &uid) : 0;

	if (rc == -ENOENT)
		return untold("there is no user '%s'", c->user);
	if (rc == 0)
		rc = account_read(uid, &c->account);
	if (rc < 0)
		return untold("cannot look up the user: %s", strerror(-rc));
	rc = c->path ? load_draft(c->path, &c->list)
		     : access_file_load(&c->list);
	if (rc < 0)
		return untold("cannot read the list: %s", strerror(-rc));
	return 0;
}

static void print_findings(const struct access_list *list)
{
	for (unsigned int i = 0; i < list->n_findings; i++) {
		if (i == ACCESS_FINDINGS_MAX) {
			printf("... and %u more\n", list->n_findings - i);
			break;
		}
		puts(list->findings[i].text);
	}
	puts("As long as this is so, no bridge is open to anybody but root.");
}

static struct access_decision decide(const struct check *c, const char *bridge,
				     uint16_t vlan)
{
	const struct access_request request = { bridge, c->account.uid,
						c->account.gids,
						c->account.n_gids, vlan };

	return access_decide(c->list, &request);
}

static bool is_bridge(const struct link *link, const void *context)
{
	(void)context;
	return strcmp(link->kind, "bridge") == 0;
}

static bool is_of_user(const struct link *link, const void *uid)
{
	return tag_has_uid(link->alias, *(const uid_t *)uid);
}

/* " 1 of max=2 in use" */
static void print_quota(struct check *c, const struct link *bridge,
			const struct access_rule *rule)
{
	int used;

	if (!rule->max)
		return;
	used = link_list(&c->socket, bridge->index, is_of_user, &c->account.uid,
			 NULL, 0);
	if (used >= 0)
		printf(", %d of max=%u in use", used, rule->max);
	else
		printf(", max=%u", rule->max);
}

/* The names that the rule lets a tap have, as the list writes them. */
static void print_names(const struct access_list *list,
			const struct access_rule *rule)
{
	for (unsigned int i = 0; i < rule->n_taps; i++) {
		const struct access_tap *tap = &list->taps[rule->first_tap + i];

		printf("%s%s%s", i ? ":" : ", tap=", tap->name,
		       tap->is_prefix ? "*" : "");
	}
}

static void print_verdict(struct check *c, const struct link *bridge,
			  const char *port, struct access_decision decision)
{
	static const char *const verdicts[] = {
		[ACCESS_ALLOWED] = "open",
		[ACCESS_DENIED] = "denied",
		[ACCESS_UNLISTED] = "closed",
		[ACCESS_INVALID] = "closed",
	};

	printf("%-15s  %-6s%s  ", bridge->name, verdicts[decision.verdict],
	       port);
	if (decision.rule)
		printf("%s:%u", access_rule_file(c->list, decision.rule),
		       decision.rule->line);
	else
		printf("no line allows it");
	if (decision.verdict == ACCESS_ALLOWED) {
		print_names(c->list, decision.rule);
		print_quota(c, bridge, decision.rule);
	}
	putchar('\n');
}

/* The VLANs that are open, where the bridge as a whole is not. */
static void print_vlans(struct check *c, const struct link *bridge)
{
	uint16_t vlan = ACCESS_VLAN_MIN;

	while (vlan <= ACCESS_VLAN_MAX) {
		struct access_decision decision = decide(c, bridge->name, vlan);
		uint16_t first = vlan;
		char port[32];

		do {
			vlan++;
		} while (vlan <= ACCESS_VLAN_MAX &&
			 decide(c, bridge->name, vlan).rule == decision.rule);
		if (decision.verdict != ACCESS_ALLOWED)
			continue;
		if (vlan - first > 1)
			snprintf(port, sizeof(port), " for vlan=%u-%u", first,
				 vlan - 1);
		else
			snprintf(port, sizeof(port), " for vlan=%u", first);
		print_verdict(c, bridge, port, decision);
	}
}

static int print_bridges(struct check *c)
{
	struct link *bridges = calloc(BRIDGES_MAX, sizeof(*bridges));
	int n = bridges ? link_list(&c->socket, 0, is_bridge, NULL, bridges,
				    BRIDGES_MAX)
			: -ENOMEM;

	for (int i = 0; i < n && i < BRIDGES_MAX; i++) {
		struct access_decision decision =
			decide(c, bridges[i].name, ACCESS_ANY_VLAN);

		print_verdict(c, &bridges[i], "", decision);
		if (decision.verdict != ACCESS_ALLOWED)
			print_vlans(c, &bridges[i]);
	}
	free(bridges);
	if (n < 0)
		return untold("cannot list the bridges: %s", strerror(-n));
	if (n == 0)
		puts("This host has no bridge.");
	return 0;
}

static int print_access(struct check *c)
{
	int rc;

	printf("%s: valid, %u rule%s in %u file%s\n", c->list->files[0],
	       c->list->n_rules, c->list->n_rules == 1 ? "" : "s",
	       c->list->n_files, c->list->n_files == 1 ? "" : "s");
	if (c->account.uid == 0) {
		puts("root may use each bridge.");
		return 0;
	}
	if (*c->account.name)
		printf("For user %s:\n", c->account.name);
	else
		printf("For user %u:\n", c->account.uid);
	rc = link_open(&c->socket);
	if (rc < 0)
		return untold("no netlink socket: %s", strerror(-rc));
	rc = print_bridges(c);
	link_close(&c->socket);
	return rc;
}

static int check(struct check *c)
{
	int rc = load(c);

	if (rc == 0 && c->list->n_findings) {
		print_findings(c->list);
		rc = STATUS_INVALID;
	} else if (rc == 0) {
		rc = print_access(c);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return untold("standard output: %s", strerror(errno));
	return rc;
}

int check_run(char **argv)
{
	struct check c = { 0 };
	int rc;

	if (privilege_drop() < 0)
		return untold("cannot give up its privileges");
	rc = parse_arguments(argv, &c);
	if (rc == 0)
		rc = check(&c);
	account_done(&c.account);
	free(c.list);
	return rc;
}
