/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/option.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "base/suggest.h"

/* getopt's value for the option in row i: above every letter. */
#define CODE_BASE 256

static struct option *make_long_options(const struct option_table *table)
{
	static const int kinds[] = {
		[OPTION_FLAG] = no_argument,
		[OPTION_REQUIRED] = required_argument,
		[OPTION_OPTIONAL] = optional_argument,
	};
	struct option *options = xcalloc(table->count + 1, sizeof(*options));

	for (size_t i = 0; i < table->count; i++)
		options[i] = (struct option){
			.name = table->defs[i].name,
			.has_arg = kinds[table->defs[i].value],
			.val = CODE_BASE + (int)i,
		};
	return options;
}

/* The leading ':' makes getopt tell a missing value from an unknown option. */
static char *make_letters(const struct option_table *table)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addch(&sb, ':');
	for (size_t i = 0; i < table->count; i++) {
		if (!table->defs[i].letter)
			continue;
		strbuf_addch(&sb, table->defs[i].letter);
		if (table->defs[i].value == OPTION_REQUIRED)
			strbuf_addch(&sb, ':');
	}
	return strbuf_detach(&sb);
}

static const struct option_def *def_of_code(const struct option_table *table,
					    int code)
{
	if (code >= CODE_BASE)
		return &table->defs[code - CODE_BASE];
	for (size_t i = 0; i < table->count; i++)
		if (table->defs[i].letter == code)
			return &table->defs[i];
	return NULL;
}

/* How many options a shortened name fits; `only_original` counts the shell
 * tool's. *ret is the last of them. */
static size_t count_matches(const struct option_table *table, const char *name,
			    size_t len, bool only_original,
			    const struct option_def **ret)
{
	size_t count = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct option_def *def = &table->defs[i];

		if (strncmp(def->name, name, len) != 0 ||
		    (only_original && !def->is_original))
			continue;
		*ret = def;
		count++;
	}
	return count;
}

static int refuse_ambiguous(const struct option_table *table, const char *name,
			    size_t len, struct err *err)
{
	cleanup_strbuf struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < table->count; i++)
		if (strncmp(table->defs[i].name, name, len) == 0)
			strbuf_addf(&list, "%s--%s", list.len ? ", " : "",
				    table->defs[i].name);
	return err_set(err, -EINVAL,
		       "option '--%.*s' is ambiguous: it may "
		       "mean %s",
		       (int)len, name, strbuf_str(&list));
}

static int refuse_unknown(const struct option_table *table, const char *name,
			  size_t len, struct err *err)
{
	cleanup_free char *typed = xstrndup(name, len);
	struct suggest s = SUGGEST_INIT(typed);

	for (size_t i = 0; i < table->count; i++)
		suggest_offer(&s, table->defs[i].name);
	return err_set(err, -EINVAL,
		       "unknown option '--%s'%s%s%s; 'xkvm --help' lists them, "
		       "QEMU's own stand after '--'",
		       typed, s.best ? ", did you mean '--" : "",
		       s.best ? s.best : "", s.best ? "'?" : "");
}

/* `letter` is a char, which may be negative: one byte of a character that is
 * not ASCII is no text. */
static int refuse_letter(int letter, struct err *err)
{
	cleanup_free char *shown =
		letter > 0 ? xasprintf("%c", letter)
			   : xasprintf("\\x%02x", (unsigned char)letter);

	return err_set(err, -EINVAL,
		       "unknown option '-%s'; 'xkvm --help' lists them, "
		       "QEMU's own stand after '--'",
		       shown);
}

static int apply(const struct option_def *def, void *context, const char *value,
		 struct err *err)
{
	return def->apply ? def->apply(context, value, err) : OPTION_HELP_ASKED;
}

/* The value of a shortened option that getopt would not resolve: what follows
 * its '=', or else the next argument. */
static int find_value(const struct option_def *def, const char *name,
		      size_t len, int argc, char **argv, const char **ret,
		      struct err *err)
{
	*ret = NULL;
	if (name[len] == '=') {
		if (def->value == OPTION_FLAG)
			return err_set(err, -EINVAL,
				       "option '--%s' takes no value",
				       def->name);
		*ret = name + len + 1;
	} else if (def->value == OPTION_REQUIRED) {
		if (optind >= argc)
			return err_set(err, -EINVAL,
				       "option '--%s' needs a value (%s)",
				       def->name, def->metavar);
		*ret = argv[optind++];
	}
	return 0;
}

/* getopt does not know the option at argv[optind - 1]. */
static int handle_unresolved(const struct option_table *table, int argc,
			     char **argv, void *context, struct err *err)
{
	const struct option_def *def = NULL;
	const char *value;

	if (optopt != 0 && optopt < CODE_BASE)
		return refuse_letter(optopt, err);
	if (optopt >= CODE_BASE)
		return err_set(err, -EINVAL, "option '--%s' takes no value",
			       table->defs[optopt - CODE_BASE].name);
	const char *name = argv[optind - 1] + 2;
	size_t len = strcspn(name, "=");
	if (count_matches(table, name, len, false, &def) == 0)
		return refuse_unknown(table, name, len, err);
	if (count_matches(table, name, len, true, &def) != 1)
		return refuse_ambiguous(table, name, len, err);
	int r = find_value(def, name, len, argc, argv, &value, err);
	return r < 0 ? r : apply(def, context, value, err);
}

static int handle(const struct option_table *table, int code, int argc,
		  char **argv, void *context, struct err *err)
{
	bool is_value_missing = code == ':';
	const struct option_def *def =
		def_of_code(table, is_value_missing ? optopt : code);

	if (!def) /* code is '?' */
		return handle_unresolved(table, argc, argv, context, err);
	if (is_value_missing)
		return err_set(err, -EINVAL, "option '--%s' needs a value (%s)",
			       def->name, def->metavar);
	return apply(def, context, optarg, err);
}

int option_parse(const struct option_table *table, int argc, char *const *argv,
		 void *context, struct strv *ret_args, struct err *err)
{
	cleanup_free struct option *options = make_long_options(table);
	cleanup_free char *letters = make_letters(table);
	/* getopt moves the arguments about. */
	cleanup_free char **moved = xcalloc((size_t)argc + 1, sizeof(*moved));
	bool is_help_asked = false;
	int code, r = 0;

	if (argc > 0)
		memcpy(moved, argv, (size_t)argc * sizeof(*moved));
	optind = 0; /* start anew */
	opterr = 0;
	optopt = 0;
	while (r >= 0 && (code = getopt_long(argc, moved, letters, options,
					     NULL)) != -1) {
		r = handle(table, code, argc, moved, context, err);
		is_help_asked |= r == OPTION_HELP_ASKED;
		optopt = 0;
	}
	if (r < 0)
		return r;
	for (int i = optind; i < argc; i++)
		strv_add(ret_args, moved[i]);
	return is_help_asked ? OPTION_HELP_ASKED : 0;
}
