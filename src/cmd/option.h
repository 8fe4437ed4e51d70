/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as a table: one per command, from which parsing, --help and the
 * completions are made. tests/cli compares the manual page with it.
 */
#ifndef XKVM_CMD_OPTION_H
#define XKVM_CMD_OPTION_H

#include "base/err.h"
#include "base/strv.h"

enum option_value {
	OPTION_FLAG, /* takes no value */
	OPTION_REQUIRED, /* --name VALUE or --name=VALUE */
	OPTION_OPTIONAL, /* --name or --name=VALUE */
};

enum option_complete {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_PROGRAM,
	COMPLETE_NETDEV, /* "user" and the host's bridges */
	COMPLETE_WORDS, /* those in `words` */
};

struct option_def {
	const char *name;
	char letter; /* 0: has no short form */
	enum option_value value;
	const char *metavar; /* what the value is called in --help */
	const char *help; /* one line */
	enum option_complete complete;
	const char *words; /* with spaces between them */

	/* An option the shell tool had: where a shortened name fits several
	 * options, it means the one it always meant. */
	bool is_original;

	/* Called for each time it is given; `value` is NULL for a flag, and
	 * for an optional value that is not there. NULL: it asks for help. */
	int (*apply)(void *context, const char *value, struct err *err);
};

/* The row of --help, in each table. */
#define OPTION_HELP                                                      \
	{                                                                \
		.name = "help", .letter = 'h', .help = "show this help", \
		.is_original = true                                      \
	}

struct option_table {
	const struct option_def *defs;
	size_t count;
};

/*
 * Parses argv[1..] as getopt_long(3) does: options and other arguments in any
 * order, names shortened as long as they are unambiguous, everything after
 * `--` an argument. Adds the arguments to *ret_args. -EINVAL with a message
 * that names the option. OPTION_HELP_ASKED, which is positive, where nothing is
 * wrong and help is asked for.
 *
 * getopt_long(3) has its state in globals: not for two threads.
 */
#define OPTION_HELP_ASKED 1
must_check int option_parse(const struct option_table *table, int argc,
			    char *const *argv, void *context,
			    struct strv *ret_args, struct err *err);

#endif
