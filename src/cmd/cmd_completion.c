/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm completion: prints the completion of a shell, made from the tables. */
#include <errno.h>

#include "base/strbuf.h"
#include "cmd/command.h"

#define LIST_NETDEVS                                            \
	"echo user; ip -o link show type bridge 2>/dev/null | " \
	"sed 's/^[0-9]*: \\([^:@]*\\).*/\\1/'"

static const struct option_def DEFS[] = { OPTION_HELP };
static const struct option_table OPTIONS = { DEFS, ARRAY_SIZE(DEFS) };

/* Calls `add` for every option of xkvm itself. */
static void for_options(struct strbuf *sb,
			void (*add)(struct strbuf *sb,
				    const struct option_def *def))
{
	const struct option_table *table = COMMAND_RUN.options;

	for (size_t i = 0; i < table->count; i++)
		add(sb, &table->defs[i]);
}

static void bash_case(struct strbuf *sb, const struct option_def *def)
{
	if (def->value != OPTION_REQUIRED)
		return;
	if (def->letter)
		strbuf_addf(sb, "\t-%c|", def->letter);
	else
		strbuf_addch(sb, '\t');
	strbuf_addf(sb, "--%s)\n\t\t", def->name);
	switch (def->complete) {
	case COMPLETE_FILE:
		strbuf_addstr(sb, "compopt -o filenames\n\t\t"
				  "mapfile -t COMPREPLY < "
				  "<(compgen -f -- \"$cur\")");
		break;
	case COMPLETE_PROGRAM:
		strbuf_addstr(sb, "mapfile -t COMPREPLY < "
				  "<(compgen -c -- \"$cur\")");
		break;
	case COMPLETE_NETDEV:
		strbuf_addstr(sb, "mapfile -t COMPREPLY < "
				  "<(compgen -W \"$(" LIST_NETDEVS
				  ")\" -- \"$cur\")");
		break;
	case COMPLETE_WORDS:
		strbuf_addf(sb,
			    "mapfile -t COMPREPLY < <(compgen -W '%s' -- "
			    "\"$cur\")",
			    def->words);
		break;
	case COMPLETE_NOTHING:
		strbuf_addstr(sb, "COMPREPLY=()");
		break;
	}
	strbuf_addstr(sb, "\n\t\treturn;;\n");
}

static void bash_word(struct strbuf *sb, const struct option_def *def)
{
	strbuf_addf(sb, " --%s", def->name);
	if (def->letter)
		strbuf_addf(sb, " -%c", def->letter);
}

/* The commands of one group follow each other. */
static bool is_first_of_group(size_t i)
{
	const char *name = COMMANDS[i]->name;

	return i == 0 ||
	       strncmp(COMMANDS[i - 1]->name, name, strcspn(name, " ")) != 0;
}

static void add_first_words(struct strbuf *sb)
{
	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		const char *name = COMMANDS[i]->name;

		if (is_first_of_group(i))
			strbuf_addf(sb, " %.*s", (int)strcspn(name, " "), name);
	}
}

/* Calls `add` for every group, with the names of its modes. */
static void for_groups(struct strbuf *sb,
		       void (*add)(struct strbuf *sb, const char *group,
				   const char *modes))
{
	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		cleanup_strbuf struct strbuf modes = STRBUF_INIT;
		const char *name = COMMANDS[i]->name;
		cleanup_free char *group = xstrndup(name, strcspn(name, " "));

		if (!is_first_of_group(i) || !*command_mode(COMMANDS[i]))
			continue;
		for (size_t j = i; j < COMMAND_COUNT; j++)
			if (command_in_group(COMMANDS[j], group))
				strbuf_addf(&modes, "%s%s",
					    modes.len ? " " : "",
					    command_mode(COMMANDS[j]));
		add(sb, group, strbuf_str(&modes));
	}
}

static void bash_group(struct strbuf *sb, const char *group, const char *modes)
{
	strbuf_addf(sb,
		    "\t\t%s)\n"
		    "\t\t\tmapfile -t COMPREPLY < <(compgen -W '%s' -- "
		    "\"$cur\")\n"
		    "\t\t\treturn;;\n",
		    group, modes);
}

static void write_bash(struct strbuf *sb)
{
	strbuf_addstr(sb, "# bash completion for xkvm\n"
			  "_xkvm() {\n"
			  "\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
			  "prev=${COMP_WORDS[COMP_CWORD-1]} i\n"
			  "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			  "\t\tif [[ ${COMP_WORDS[i]} == -- ]]; then\n"
			  "\t\t\tcompopt -o default\n\t\t\treturn\n\t\tfi\n"
			  "\tdone\n"
			  "\tif [[ $cur == '=' ]]; then cur=; "
			  "elif [[ $prev == '=' ]]; then "
			  "prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
			  "\tif ((COMP_CWORD == 2)); then\n"
			  "\t\tcase $prev in\n");
	for_groups(sb, bash_group);
	strbuf_addstr(sb, "\t\tesac\n"
			  "\tfi\n"
			  "\tcase $prev in\n");
	for_options(sb, bash_case);
	strbuf_addstr(sb, "\tesac\n\tlocal words='");
	for_options(sb, bash_word);
	strbuf_addstr(sb, "'\n\t((COMP_CWORD == 1)) && words+='");
	add_first_words(sb);
	strbuf_addstr(sb, "'\n"
			  "\tmapfile -t COMPREPLY < "
			  "<(compgen -W \"$words\" -- \"$cur\")\n"
			  "}\n"
			  "complete -F _xkvm xkvm\n");
}

/* Text inside single quotes of zsh and fish. */
static void add_quoted(struct strbuf *sb, const char *s, const char *apostrophe)
{
	for (; *s; s++) {
		if (*s == '\'')
			strbuf_addstr(sb, apostrophe);
		else if (*s == '[' || *s == ']' || *s == ':')
			strbuf_addf(sb, "\\%c", *s);
		else
			strbuf_addch(sb, *s);
	}
}

static void zsh_action(struct strbuf *sb, const struct option_def *def)
{
	if (def->value == OPTION_FLAG)
		return;
	strbuf_addf(sb, "%s:%s:", def->value == OPTION_OPTIONAL ? ":" : "",
		    def->metavar);
	switch (def->complete) {
	case COMPLETE_FILE:
		strbuf_addstr(sb, "_files");
		break;
	case COMPLETE_PROGRAM:
		strbuf_addstr(sb, "_command_names -e");
		break;
	case COMPLETE_NETDEV:
		strbuf_addstr(sb, "_xkvm_netdevs");
		break;
	case COMPLETE_WORDS:
		strbuf_addf(sb, "(%s)", def->words);
		break;
	case COMPLETE_NOTHING:
		strbuf_addch(sb, ' ');
		break;
	}
}

static void zsh_option(struct strbuf *sb, const struct option_def *def)
{
	const char *equals = def->value == OPTION_REQUIRED   ? "="
			     : def->value == OPTION_OPTIONAL ? "=-"
							     : "";

	if (def->letter) {
		strbuf_addf(sb, "\t\t'*-%c[", def->letter);
		add_quoted(sb, def->help, "'\\''");
		strbuf_addch(sb, ']');
		zsh_action(sb, def);
		strbuf_addstr(sb, "' \\\n");
	}
	strbuf_addf(sb, "\t\t'*--%s%s[", def->name, equals);
	add_quoted(sb, def->help, "'\\''");
	strbuf_addch(sb, ']');
	zsh_action(sb, def);
	strbuf_addstr(sb, "' \\\n");
}

static void zsh_group(struct strbuf *sb, const char *group, const char *modes)
{
	strbuf_addf(sb,
		    "\n\telif [[ $words[2] == %s ]]; then\n"
		    "\t\tcompadd -- %s\n"
		    "\t\treturn",
		    group, modes);
}

static void write_zsh(struct strbuf *sb)
{
	strbuf_addstr(sb, "#compdef xkvm\n"
			  "_xkvm_netdevs() {\n"
			  "\tcompadd -- ${(f)\"$(" LIST_NETDEVS ")\"}\n"
			  "}\n"
			  "_xkvm() {\n"
			  "\tif (( CURRENT == 2 )); then\n"
			  "\t\tcompadd --");
	add_first_words(sb);
	for_groups(sb, zsh_group);
	strbuf_addstr(sb, "\n\tfi\n\t_arguments -s \\\n");
	for_options(sb, zsh_option);
	strbuf_addstr(sb, "\t\t'*::QEMU argument:_default'\n"
			  "}\n"
			  "_xkvm \"$@\"\n");
}

static void fish_option(struct strbuf *sb, const struct option_def *def)
{
	strbuf_addf(sb, "complete -c xkvm -l %s", def->name);
	if (def->letter)
		strbuf_addf(sb, " -s %c", def->letter);
	if (def->value == OPTION_REQUIRED)
		strbuf_addstr(sb, " -r");
	if (def->complete == COMPLETE_FILE)
		strbuf_addstr(sb, " -F");
	else if (def->complete == COMPLETE_WORDS)
		strbuf_addf(sb, " -f -a '%s'", def->words);
	else if (def->complete == COMPLETE_NETDEV)
		strbuf_addstr(sb, " -f -a '(__xkvm_netdevs)'");
	else if (def->complete == COMPLETE_PROGRAM)
		strbuf_addstr(sb, " -f -a '(__fish_complete_command)'");
	else
		strbuf_addstr(sb, " -f");
	strbuf_addstr(sb, " -d '");
	for (const char *c = def->help; *c; c++) {
		if (*c == '\'')
			strbuf_addch(sb, '\\');
		strbuf_addch(sb, *c);
	}
	strbuf_addstr(sb, "'\n");
}

static void fish_group(struct strbuf *sb, const char *group, const char *modes)
{
	strbuf_addf(sb,
		    "complete -c xkvm -n '__fish_seen_subcommand_from %s' -f "
		    "-a '%s'\n",
		    group, modes);
}

static void write_fish(struct strbuf *sb)
{
	strbuf_addstr(sb, "function __xkvm_netdevs\n\t" LIST_NETDEVS "\nend\n"
			  "complete -c xkvm -n __fish_use_subcommand -a '");
	add_first_words(sb);
	strbuf_addstr(sb, "'\n");
	for_groups(sb, fish_group);
	for_options(sb, fish_option);
}

static int completion(int argc, char **argv)
{
	static const struct {
		const char *shell;
		void (*write)(struct strbuf *sb);
	} shells[] = {
		{ "bash", write_bash },
		{ "zsh", write_zsh },
		{ "fish", write_fish },
	};
	cleanup_strv struct strv args = STRV_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err;
	int r = option_parse(&OPTIONS, argc, argv, NULL, &args, &err);

	if (r < 0)
		return command_fail(&err);
	if (r == OPTION_HELP_ASKED)
		return command_print_help(&COMMAND_COMPLETION);
	for (size_t i = 0; args.count == 1 && i < ARRAY_SIZE(shells); i++) {
		if (!str_eq(args.items[0], shells[i].shell))
			continue;
		shells[i].write(&sb);
		return command_print(strbuf_str(&sb));
	}
	err_set(&err, -EINVAL, "completion needs a shell: bash, zsh or fish");
	return command_fail(&err);
}

const struct command COMMAND_COMPLETION = {
	.name = "completion",
	.usage = "bash|zsh|fish",
	.summary = "Prints the completion of a shell.",
	.options = &OPTIONS,
	.run = completion,
};
