/* SPDX-License-Identifier: Apache-2.0 */
#include "access_parse.h"

#include "access_span.h"
#include "tap_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a word a finding quotes. */
#define QUOTE_MAX 64

/* A file that is being read, and the line that is. */
struct place {
	const struct place *includer; /* NULL: none */
	unsigned int depth;
	uint16_t file; /* its number in the list */
	bool is_public;
	uint32_t line;
};

struct parser {
	struct access_list *list;
	const struct access_source *source;
};

#define finding(parser, place, fmt, ...)                         \
	access_add_finding((parser)->list, "%s:%u: " fmt,        \
			   (parser)->list->files[(place)->file], \
			   (place)->line, ##__VA_ARGS__)

/* A word as "%.*s" of a finding. */
#define SHOW(place, span) shown_len(place, span), shown_at(place, span)

static int shown_len(const struct place *place, struct span span)
{
	if (!place->is_public)
		return (int)strlen("...");
	return (int)(span.len < QUOTE_MAX ? span.len : QUOTE_MAX);
}

static const char *shown_at(const struct place *place, struct span span)
{
	return place->is_public ? span.at : "...";
}

static void parse_bridge(struct parser *p, const struct place *place,
			 struct span name, struct access_rule *rule)
{
	if (span_is(name, "all"))
		return;
	if (name.len > NET_NAME_MAX) {
		finding(p, place,
			"'%.*s' has %zu bytes; a bridge's name has at most %d",
			SHOW(place, name), name.len, NET_NAME_MAX);
		return;
	}
	memcpy(rule->bridge, name.at, name.len);
	if (strpbrk(rule->bridge, "*?"))
		finding(p, place,
			"'%.*s' is no pattern; the word 'all' stands for each "
			"bridge, and nothing for some",
			SHOW(place, name));
	else if (strpbrk(rule->bridge, "/:") || span_is(name, ".") ||
		 span_is(name, ".."))
		finding(p, place, "'%.*s' cannot be the name of a bridge",
			SHOW(place, name));
}

static void parse_subject(struct parser *p, const struct place *place,
			  struct span name, bool is_group,
			  struct access_rule *rule)
{
	const char *kind = is_group ? "group" : "user";
	char text[ACCESS_LINE_MAX + 1] = "";
	struct access_list *list = p->list;
	struct access_subject subject = { .is_group = is_group };
	int rc;

	memcpy(text, name.at, name.len);
	rc = is_group ? p->source->find_group(p->source->context, text,
					      &subject.id)
		      : p->source->find_user(p->source->context, text,
					     &subject.id);
	if (rc == -ENOENT)
		finding(p, place,
			"there is no %s '%.*s'; correct the name, or take the "
			"line away",
			kind, SHOW(place, name));
	else if (rc < 0)
		finding(p, place, "cannot look up the %s '%.*s': %s", kind,
			SHOW(place, name), strerror(-rc));
	else if (list->n_subjects == ACCESS_SUBJECTS_MAX)
		finding(p, place,
			"more than %d users and groups in one list; name a "
			"group in their place",
			ACCESS_SUBJECTS_MAX);
	else {
		list->subjects[list->n_subjects++] = subject;
		rule->n_subjects++;
	}
}

static void parse_max(struct parser *p, const struct place *place,
		      struct span value, struct access_rule *rule)
{
	if (rule->is_deny)
		finding(p, place, "max= goes with allow only; take it away");
	else if (rule->max)
		finding(p, place, "max= stands twice; take one away");
	else if (!span_number(value, 1, ACCESS_QUOTA_MAX, &rule->max))
		finding(p, place, "max=%.*s is not a number from 1 to %d",
			SHOW(place, value), ACCESS_QUOTA_MAX);
}

/* A or A-B */
static bool read_vlans(struct span text, struct access_vlans *ret)
{
	uint32_t first, last;
	struct span start;
	bool is_range = span_take_until(&text, '-', &start);

	if (!span_number(start, ACCESS_VLAN_MIN, ACCESS_VLAN_MAX, &first))
		return false;
	last = first;
	if (is_range && !span_number(text, first, ACCESS_VLAN_MAX, &last))
		return false;
	*ret = (struct access_vlans){ (uint16_t)first, (uint16_t)last };
	return true;
}

static void parse_vlan(struct parser *p, const struct place *place,
		       struct span value, struct access_rule *rule)
{
	struct access_list *list = p->list;
	bool has_more = true;

	if (rule->n_vlans) {
		finding(p, place,
			"vlan= stands twice; write vlan=A:B for two of them");
		return;
	}
	while (has_more) {
		struct access_vlans vlans;
		struct span item;

		has_more = span_take_until(&value, ':', &item);
		if (!read_vlans(item, &vlans)) {
			finding(p, place,
				"'%.*s' is neither a VLAN from %d to %d nor a "
				"range A-B of them",
				SHOW(place, item), ACCESS_VLAN_MIN,
				ACCESS_VLAN_MAX);
			return;
		}
		if (list->n_vlans == ACCESS_VLANS_MAX) {
			finding(p, place, "more than %d VLANs in one list",
				ACCESS_VLANS_MAX);
			return;
		}
		list->vlans[list->n_vlans++] = vlans;
		rule->n_vlans++;
	}
}

/* NAME or PREFIX* */
static bool read_tap(struct span text, struct access_tap *ret)
{
	bool is_prefix = text.len > 0 && text.at[text.len - 1] == '*';

	text.len -= is_prefix;
	if (is_prefix ? !tap_name_is_prefix(text.at, text.len)
		      : !tap_name_is_valid(text.at, text.len))
		return false;
	*ret = (struct access_tap){ .is_prefix = is_prefix };
	memcpy(ret->name, text.at, text.len);
	return true;
}

static void parse_tap(struct parser *p, const struct place *place,
		      struct span value, struct access_rule *rule)
{
	struct access_list *list = p->list;
	bool has_more = true;

	if (rule->n_taps) {
		finding(p, place,
			"tap= stands twice; write tap=A:B* for two of them");
		return;
	}
	while (has_more) {
		struct access_tap tap;
		struct span item;

		has_more = span_take_until(&value, ':', &item);
		if (!read_tap(item, &tap)) {
			finding(p, place,
				"'%.*s' is neither a name that a tap can be "
				"given, nor PREFIX* for all that begin so",
				SHOW(place, item));
			return;
		}
		if (list->n_taps == ACCESS_TAPS_MAX) {
			finding(p, place, "more than %d names in one list",
				ACCESS_TAPS_MAX);
			return;
		}
		list->taps[list->n_taps++] = tap;
		rule->n_taps++;
	}
}

static void parse_condition(struct parser *p, const struct place *place,
			    struct span word, struct access_rule *rule)
{
	struct span value = word;

	if (span_take_prefix(&value, "user:"))
		parse_subject(p, place, value, false, rule);
	else if (span_take_prefix(&value, "group:"))
		parse_subject(p, place, value, true, rule);
	else if (span_take_prefix(&value, "max="))
		parse_max(p, place, value, rule);
	else if (span_take_prefix(&value, "vlan="))
		parse_vlan(p, place, value, rule);
	else if (span_take_prefix(&value, "tap="))
		parse_tap(p, place, value, rule);
	else
		finding(p, place,
			"'%.*s' is not known; after the bridge go user:NAME, "
			"group:NAME, max=N, vlan=A-B and tap=NAME",
			SHOW(place, word));
}

static void parse_rule(struct parser *p, const struct place *place,
		       struct span rest, bool is_deny)
{
	struct access_list *list = p->list;
	struct access_rule rule = { .is_deny = is_deny,
				    .first_subject = list->n_subjects,
				    .first_vlans = list->n_vlans,
				    .first_tap = list->n_taps,
				    .file = place->file,
				    .line = place->line };
	struct span word;

	if (!span_take_word(&rest, &word)) {
		finding(p, place,
			"which bridge? write its name, or the word 'all'");
		return;
	}
	parse_bridge(p, place, word, &rule);
	while (span_take_word(&rest, &word))
		parse_condition(p, place, word, &rule);
	if (list->n_rules == ACCESS_RULES_MAX)
		finding(p, place, "more than %d rules in one list",
			ACCESS_RULES_MAX);
	else
		list->rules[list->n_rules++] = rule;
}

static void parse_file(struct parser *p, const struct place *includer,
		       const char *path);

static void parse_include(struct parser *p, const struct place *place,
			  struct span rest)
{
	char path[ACCESS_LINE_MAX] = "";
	struct span word, more;

	if (!span_take_word(&rest, &word)) {
		finding(p, place, "which file? write its path");
		return;
	}
	if (span_take_word(&rest, &more)) {
		finding(p, place, "'%.*s' is one word more than include takes",
			SHOW(place, more));
		return;
	}
	memcpy(path, word.at, word.len);
	parse_file(p, place, path);
}

/* Are there bytes that no list has? */
static bool check_bytes(struct parser *p, const struct place *place,
			struct span line)
{
	if (line.len > ACCESS_LINE_MAX) {
		finding(p, place, "the line has %zu bytes; at most %d go",
			line.len, ACCESS_LINE_MAX);
		return false;
	}
	for (size_t i = 0; i < line.len; i++) {
		unsigned char byte = (unsigned char)line.at[i];

		if ((byte >= ' ' && byte != 0x7f) || byte == '\t')
			continue;
		if (byte == '\r')
			finding(p, place,
				"there is a carriage return; end lines as Unix "
				"does (sed -i 's/\\r$//' FILE)");
		else
			finding(p, place,
				"byte %zu of the line is the control character "
				"0x%02x; take it away",
				i, byte);
		return false;
	}
	return true;
}

static void parse_line(struct parser *p, const struct place *place,
		       struct span line)
{
	struct span verb;

	if (!check_bytes(p, place, line) || !span_take_word(&line, &verb))
		return;
	if (span_is(verb, "allow") || span_is(verb, "deny"))
		parse_rule(p, place, line, span_is(verb, "deny"));
	else if (span_is(verb, "include"))
		parse_include(p, place, line);
	else
		finding(p, place,
			"'%.*s' is not known; a line begins with allow, deny "
			"or include",
			SHOW(place, verb));
}

static void parse_text(struct parser *p, struct place *place, struct span text)
{
	if (text.len > ACCESS_FILE_MAX) {
		access_add_finding(p->list,
				   "%s: it has over %d bytes; split it up",
				   p->list->files[place->file],
				   ACCESS_FILE_MAX);
		return;
	}
	while (text.len) {
		struct span line;
		bool has_end = span_take_until(&text, '\n', &line);

		place->line++;
		parse_line(p, place, line);
		if (!has_end)
			finding(p, place,
				"the last line has no end, so more of the file "
				"may be missing; end it with a newline");
	}
}

/* A finding about a file, at the line that includes it. */
static void file_finding(struct parser *p, const struct place *includer,
			 const char *path, const char *reason)
{
	if (includer)
		finding(p, includer, "include %s: %s", path, reason);
	else
		access_add_finding(p->list, "%s: %s", path, reason);
}

/* Why the file must not be read; NULL: it may. */
static const char *find_obstacle(const struct parser *p,
				 const struct place *includer, const char *path)
{
	if (p->list->n_files == ACCESS_FILES_MAX)
		return "there are too many includes; put some files together";
	if (strlen(path) >= ACCESS_LINE_MAX)
		return "the path is too long";
	if (!includer)
		return NULL;
	if (includer->depth == ACCESS_DEPTH_MAX)
		return "the includes are too deep; include it in an earlier "
		       "file";
	for (; includer; includer = includer->includer)
		if (strcmp(p->list->files[includer->file], path) == 0)
			return "the file includes itself; take the line away";
	return NULL;
}

static void parse_file(struct parser *p, const struct place *includer,
		       const char *path)
{
	struct access_list *list = p->list;
	char reason[ACCESS_REASON_SIZE] = "";
	const char *obstacle = find_obstacle(p, includer, path);
	struct access_text text;
	struct place place = { .includer = includer,
			       .depth = includer ? includer->depth + 1 : 0,
			       .file = list->n_files };

	if (obstacle) {
		file_finding(p, includer, path, obstacle);
		return;
	}
	if (p->source->read(p->source->context, path, &text, reason) < 0) {
		file_finding(p, includer, path, reason);
		return;
	}
	if (*reason)
		file_finding(p, includer, path, reason);
	memcpy(list->files[list->n_files++], path, strlen(path) + 1);
	place.is_public = text.is_public;
	parse_text(p, &place, (struct span){ text.data, text.size });
	free(text.data);
}

void access_parse(struct access_list *list, const char *path,
		  const struct access_source *source)
{
	struct parser parser = { list, source };

	parse_file(&parser, NULL, path);
}
