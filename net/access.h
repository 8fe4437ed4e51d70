/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The access list as a value, and what it decides. Pure: access_parse.h makes
 * one of text, access_file.h finds the text.
 *
 * A list is a set of rules: their order means nothing. A rule with users or
 * groups is about these only; one with VLANs, about ports in these only. A
 * name that the user chooses for the tap is open by a rule that has it, and by
 * no other; to have a name denies nothing to a tap without one. A port is open
 * where a rule allows it and none denies it. A list with a
 * finding opens nothing at all: a rule that was not understood may be the one
 * that denies.
 */
#ifndef XKVM_NET_ACCESS_H
#define XKVM_NET_ACCESS_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Bytes in a line, and so, terminator included, in the path of an include. */
#define ACCESS_LINE_MAX 512
#define ACCESS_FILES_MAX 64
#define ACCESS_RULES_MAX 1024
#define ACCESS_SUBJECTS_MAX 4096
#define ACCESS_VLANS_MAX 4096
#define ACCESS_TAPS_MAX 1024
/* As many are kept; more are counted. */
#define ACCESS_FINDINGS_MAX 64

#define ACCESS_VLAN_MIN 1
#define ACCESS_VLAN_MAX 4094
#define ACCESS_QUOTA_MAX 65535

struct access_subject {
	bool is_group;
	uint32_t id; /* uid or gid */
};

struct access_vlans {
	uint16_t first;
	uint16_t last;
};

/* Names that a user may choose for taps. */
struct access_tap {
	char name[NET_NAME_MAX + 1];
	bool is_prefix; /* of names: NAME* */
};

struct access_rule {
	bool is_deny;
	char bridge[NET_NAME_MAX + 1]; /* empty: all */
	uint32_t max; /* taps of one user on one bridge; 0: no limit */
	/* Pieces of the list's arrays. */
	uint16_t first_subject;
	uint16_t n_subjects; /* 0: about everybody */
	uint16_t first_vlans;
	uint16_t n_vlans; /* 0: about each port, whatever its VLANs */
	uint16_t first_tap;
	uint16_t n_taps;
	/* Where it stands. */
	uint16_t file;
	uint32_t line;
};

/* "FILE:LINE: what is wrong; what mends it" */
struct access_finding {
	char text[768];
};

/* Zeroed, it is empty. */
struct access_list {
	uint16_t n_files;
	uint16_t n_rules;
	uint16_t n_subjects;
	uint16_t n_vlans;
	uint16_t n_taps;
	uint32_t n_findings; /* may be more than are kept */
	char files[ACCESS_FILES_MAX][ACCESS_LINE_MAX];
	struct access_rule rules[ACCESS_RULES_MAX];
	struct access_subject subjects[ACCESS_SUBJECTS_MAX];
	struct access_vlans vlans[ACCESS_VLANS_MAX];
	struct access_tap taps[ACCESS_TAPS_MAX];
	struct access_finding findings[ACCESS_FINDINGS_MAX];
};

/*
 * The port is in no VLAN of its own, and may carry each of them: only a rule
 * that names no VLAN allows it, and any rule that names one may deny it.
 */
#define ACCESS_ANY_VLAN 0

struct access_request {
	const char *bridge;
	uid_t uid;
	const gid_t *gids;
	size_t n_gids;
	uint16_t vlan; /* or ACCESS_ANY_VLAN */
	const char *tap; /* the name that it chooses for the tap; NULL: none */
};

enum access_verdict {
	ACCESS_ALLOWED,
	ACCESS_DENIED, /* a rule says so */
	ACCESS_UNLISTED, /* no rule allows it */
	ACCESS_INVALID, /* the list has findings */
};

struct access_decision {
	enum access_verdict verdict;
	/*
	 * The rule that decides; NULL where none does. Of several that deny the
	 * first, of several that allow the first of those with the highest
	 * limit.
	 */
	const struct access_rule *rule;
};

struct access_decision access_decide(const struct access_list *list,
				     const struct access_request *request);

/* The file that a rule stands in. */
const char *access_rule_file(const struct access_list *list,
			     const struct access_rule *rule);

/* Adds a finding, made printable and cut where it is too long. */
void access_add_finding(struct access_list *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
