/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as an access list, with itself as each file that it includes: it is
 * read to an end and nothing beyond it, a list with a finding opens nothing, a
 * rule that decides is one that is about the bridge and the user, one that
 * denies wins, a name is open only by a rule that has it, and a finding is
 * printable.
 */
#include "access_parse.h"
#include "tap_name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Paths that end in '-' are missing, in '!' not to be trusted. */
static int read_input(void *context, const char *path, struct access_text *ret,
		      char reason[static ACCESS_REASON_SIZE])
{
	const struct input *input = context;
	char last = path[strlen(path) - 1];
	char *copy;

	memcpy(reason, "why", last == '-' || last == '!' ? sizeof("why") : 0);
	if (last == '-')
		return -1;
	copy = malloc(input->size ? input->size : 1);
	require(copy);
	memcpy(copy, input->data, input->size);
	*ret = (struct access_text){ copy, input->size, last != '~' };
	return 0;
}

/* The name's length: 0 does not exist, over 9 cannot be looked up. */
static int find_name(void *context, const char *name, uint32_t *ret)
{
	size_t len = strlen(name);

	(void)context;
	if (len == 0 || len > 9)
		return len ? -EIO : -ENOENT;
	*ret = (uint32_t)len;
	return 0;
}

static void check_findings(const struct access_list *list)
{
	for (uint32_t i = 0; i < list->n_findings && i < ACCESS_FINDINGS_MAX;
	     i++) {
		const char *text = list->findings[i].text;

		require(*text);
		for (; *text; text++)
			require((unsigned char)*text >= ' ' && *text != 0x7f);
	}
}

static bool is_about(const struct access_list *list,
		     const struct access_rule *rule,
		     const struct access_request *request)
{
	if (*rule->bridge && strcmp(rule->bridge, request->bridge) != 0)
		return false;
	for (unsigned int i = 0; i < rule->n_subjects; i++) {
		const struct access_subject *subject =
			&list->subjects[rule->first_subject + i];

		if (subject->id ==
		    (subject->is_group ? request->gids[0] : request->uid))
			return true;
	}
	return rule->n_subjects == 0;
}

/* Has the rule this name? */
static bool has_tap(const struct access_list *list,
		    const struct access_rule *rule, const char *name)
{
	for (unsigned int i = 0; i < rule->n_taps; i++) {
		const struct access_tap *tap = &list->taps[rule->first_tap + i];
		const size_t len = strlen(tap->name);

		require(tap_name_is_prefix(tap->name, len));
		if (strncmp(tap->name, name, len) == 0 &&
		    (tap->is_prefix || !name[len]))
			return true;
	}
	return false;
}

static void check_decision(const struct access_list *list,
			   const struct access_request *request)
{
	struct access_decision decision = access_decide(list, request);

	if (list->n_findings) {
		require(decision.verdict == ACCESS_INVALID && !decision.rule);
		return;
	}
	require(decision.verdict != ACCESS_INVALID);
	require((decision.verdict == ACCESS_UNLISTED) == !decision.rule);
	if (!decision.rule)
		return;
	require(decision.rule->is_deny == (decision.verdict == ACCESS_DENIED));
	require(is_about(list, decision.rule, request));
	require(decision.rule->file < list->n_files);
	require(strlen(access_rule_file(list, decision.rule)) > 0);
	if (decision.verdict == ACCESS_DENIED)
		return;
	require(!request->tap || has_tap(list, decision.rule, request->tap));
	/* No rule without VLANs and names that denies was passed over. */
	for (unsigned int i = 0; i < list->n_rules; i++)
		require(!list->rules[i].is_deny || list->rules[i].n_vlans ||
			list->rules[i].n_taps ||
			!is_about(list, &list->rules[i], request));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const bridges[] = { "br0", "all", "br-mgmt" };
	static const uint16_t vlans[] = { ACCESS_ANY_VLAN, 1, 100, 4094 };
	static const char *const taps[] = { NULL, "web", "web0" };
	struct input input = { data, size };
	const struct access_source source = { &input, read_input, find_name,
					      find_name };
	struct access_list *list = calloc(1, sizeof(*list));

	require(list);
	access_parse(list, "/list", &source);
	check_findings(list);
	/* Each bridge, VLAN and name, by ten users in ten groups. */
	for (size_t i = 0; i < 360; i++) {
		const gid_t gid = (gid_t)(9 - i / 36);
		const struct access_request request = {
			bridges[i % 3],	  (uid_t)(i / 36), &gid, 1,
			vlans[i / 3 % 4], taps[i / 12 % 3]
		};

		check_decision(list, &request);
	}
	free(list);
	return 0;
}
