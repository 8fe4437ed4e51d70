/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

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

/* What stands after tap-control is no mode: the help for all of them, or the
 * names. */
static int explain_tap_control(int argc, char **argv)
{
	const char *word = argc > 2 ? argv[2] : NULL;

	if (word && (str_eq(word, "-h") || str_eq(word, "--help"))) {
		cleanup_free char *first = command_help(&COMMAND_MAKE_NICS);
		cleanup_free char *second = command_help(&COMMAND_OVS_CLEANUP);
		cleanup_free char *text = xasprintf("%s\n%s", first, second);
		return command_print(text);
	}
	command_message("tap-control %s%s%s: the modes are make-nics and "
			"ovs-cleanup",
			word ? "'" : "needs a mode", word ? word : "",
			word ? "'" : "");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	if (fill_standard_fds() < 0)
		return EXIT_HOST;
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
	if (argc > 1 && str_eq(argv[1], "tap-control"))
		return explain_tap_control(argc, argv);
	return COMMAND_RUN.run(argc, argv);
}
