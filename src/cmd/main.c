/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/command.h"
#include "run/outcome.h"

/*
 * Started with a standard descriptor closed, a file opened later would get its
 * number, and be written to by whoever means to print. A descriptor for reading
 * fills the gap: writing to it still fails.
 */
static int fill_standard_fds(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return -errno;
	return 0;
}

/* How many words of the command line the name of `command` is; 0: none. */
static int match(const struct command *command, int argc, char **argv)
{
	const char *name = command->name;
	int words = 0;

	while (*name) {
		size_t len = strcspn(name, " ");

		if (words + 1 >= argc || strlen(argv[words + 1]) != len ||
		    strncmp(argv[words + 1], name, len) != 0)
			return 0;
		words++;
		name += len + (name[len] == ' ');
	}
	return words;
}

static bool is_group(const char *word)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (command_in_group(COMMANDS[i], word))
			return true;
	return false;
}

static int print_group_help(const char *group)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (!command_in_group(COMMANDS[i], group))
			continue;
		cleanup_free char *help = command_help(COMMANDS[i]);
		strbuf_addf(&text, "%s%s", text.len ? "\n" : "", help);
	}
	return command_print(strbuf_str(&text));
}

/* What stands after a group is no mode of it: the help for all of them, or the
 * names. */
static int explain_group(const char *group, const char *word)
{
	cleanup_strbuf struct strbuf modes = STRBUF_INIT;
	size_t count = 0;

	if (word && (str_eq(word, "-h") || str_eq(word, "--help")))
		return print_group_help(group);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (command_in_group(COMMANDS[i], group))
			strbuf_addf(&modes, "%s%s", count++ ? " and " : "",
				    command_mode(COMMANDS[i]));
	command_message("%s %s%s%s: %s %s", group, word ? "'" : "needs a mode",
			word ? word : "", word ? "'" : "",
			count > 1 ? "the modes are" : "the mode is",
			strbuf_str(&modes));
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	int r = fill_standard_fds();
	if (r < 0) {
		command_message("cannot put /dev/null in the place of a "
				"standard descriptor that is closed: %s",
				strerror(-r));
		return EXIT_HOST;
	}
	/* A parent that ignores SIGCHLD would have the kernel reap QEMU, exit
	 * status and all. */
	signal(SIGCHLD, SIG_DFL);
	/* Whoever read what is said here may have gone; a guest goes on. */
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		int words = match(COMMANDS[i], argc, argv);

		if (words > 0)
			return COMMANDS[i]->run(argc - words, argv + words);
	}
	if (argc > 1 && is_group(argv[1]))
		return explain_group(argv[1], argc > 2 ? argv[2] : NULL);
	return COMMAND_RUN.run(argc, argv);
}
