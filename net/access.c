/* SPDX-License-Identifier: Apache-2.0 */
#include "access.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_subject(const struct access_subject *subject,
		       const struct access_request *request)
{
	if (!subject->is_group)
		return subject->id == request->uid;
	for (size_t i = 0; i < request->n_gids; i++)
		if (subject->id == request->gids[i])
			return true;
	return false;
}

static bool matches_subject(const struct access_list *list,
			    const struct access_rule *rule,
			    const struct access_request *request)
{
	for (unsigned int i = 0; i < rule->n_subjects; i++)
		if (is_subject(&list->subjects[rule->first_subject + i],
			       request))
			return true;
	return rule->n_subjects == 0;
}

static bool matches_vlan(const struct access_list *list,
			 const struct access_rule *rule,
			 const struct access_request *request)
{
	if (rule->n_vlans == 0)
		return true;
	if (request->vlan == ACCESS_ANY_VLAN)
		return rule->is_deny;
	for (unsigned int i = 0; i < rule->n_vlans; i++) {
		const struct access_vlans *vlans =
			&list->vlans[rule->first_vlans + i];

		if (request->vlan >= vlans->first &&
		    request->vlan <= vlans->last)
			return true;
	}
	return false;
}

static bool is_tap(const struct access_tap *tap, const char *name)
{
	return tap->is_prefix ? strncmp(name, tap->name, strlen(tap->name)) == 0
			      : strcmp(name, tap->name) == 0;
}

/* A name of one's own may trick what configures the host's network by names. */
static bool matches_tap(const struct access_list *list,
			const struct access_rule *rule,
			const struct access_request *request)
{
	if (!request->tap)
		return !rule->is_deny || rule->n_taps == 0;
	for (unsigned int i = 0; i < rule->n_taps; i++)
		if (is_tap(&list->taps[rule->first_tap + i], request->tap))
			return true;
	return rule->is_deny && rule->n_taps == 0;
}

static bool matches(const struct access_list *list,
		    const struct access_rule *rule,
		    const struct access_request *request)
{
	return (!*rule->bridge || strcmp(rule->bridge, request->bridge) == 0) &&
	       matches_subject(list, rule, request) &&
	       matches_vlan(list, rule, request) &&
	       matches_tap(list, rule, request);
}

static bool is_more_generous(const struct access_rule *rule,
			     const struct access_rule *than)
{
	if (!than)
		return true;
	return than->max != 0 && (rule->max == 0 || rule->max > than->max);
}

struct access_decision access_decide(const struct access_list *list,
				     const struct access_request *request)
{
	struct access_decision decision = { ACCESS_UNLISTED, NULL };

	if (list->n_findings)
		return (struct access_decision){ ACCESS_INVALID, NULL };
	for (unsigned int i = 0; i < list->n_rules; i++) {
		const struct access_rule *rule = &list->rules[i];

		if (!matches(list, rule, request))
			continue;
		if (rule->is_deny)
			return (struct access_decision){ ACCESS_DENIED, rule };
		if (is_more_generous(rule, decision.rule))
			decision = (struct access_decision){ ACCESS_ALLOWED,
							     rule };
	}
	return decision;
}

const char *access_rule_file(const struct access_list *list,
			     const struct access_rule *rule)
{
	return list->files[rule->file];
}

void access_add_finding(struct access_list *list, const char *fmt, ...)
{
	struct access_finding *finding;
	va_list args;

	if (list->n_findings++ >= ACCESS_FINDINGS_MAX)
		return;
	finding = &list->findings[list->n_findings - 1];
	va_start(args, fmt);
	vsnprintf(finding->text, sizeof(finding->text), fmt, args);
	va_end(args);
	for (char *p = finding->text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
}
