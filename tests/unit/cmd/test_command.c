/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "run/outcome.h"

/* Standard output or error, going elsewhere for a while. */
struct detour {
	FILE *stream;
	int number, saved, target;
};

static void detour_begin(struct detour *detour, FILE *stream, int target)
{
	assert_true(target >= 0);
	fflush(stream);
	detour->stream = stream;
	detour->number = fileno(stream);
	detour->target = target;
	detour->saved = fcntl(detour->number, F_DUPFD_CLOEXEC, 3);
	assert_int_equal(dup2(target, detour->number), detour->number);
}

/* Returns what was written. Owned by the caller. */
static char *detour_end(struct detour *detour)
{
	char *text = xcalloc(65536, 1);

	fflush(detour->stream);
	clearerr(detour->stream);
	assert_int_equal(dup2(detour->saved, detour->number), detour->number);
	close_fd(&detour->saved);
	if (pread(detour->target, text, 65535, 0) < 0)
		*text = '\0';
	close_fd(&detour->target);
	return text;
}

static int memory(void)
{
	return memfd_create("out", MFD_CLOEXEC);
}

static void test_status(void **state)
{
	static const struct {
		int code, status;
	} rows[] = {
		{ -EINVAL, EXIT_USAGE },   { -ENOENT, EXIT_HOST },
		{ -EPERM, EXIT_HOST },	   { -ENODEV, EXIT_HOST },
		{ -ETIMEDOUT, EXIT_HOST },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err;

		err_set(&err, rows[i].code, "x");
		assert_int_equal(command_status(&err), rows[i].status);
	}
}

static void test_messages(void **state)
{
	struct detour detour;
	struct err err;

	(void)state;
	err_set(&err, -EINVAL, "100%% wrong: %s", "%s\n");
	detour_begin(&detour, stderr, memory());
	command_message("note: %d", 7);
	int status = command_fail(&err);
	cleanup_free char *text = detour_end(&detour);
	assert_string_equal(text, "xkvm: note: 7\nxkvm: 100% wrong: %s?\n");
	assert_int_equal(status, EXIT_USAGE);
}

static void test_print(void **state)
{
	struct detour detour;

	(void)state;
	detour_begin(&detour, stdout, memory());
	int status = command_print("100%s\n");
	cleanup_free char *text = detour_end(&detour);
	assert_string_equal(text, "100%s\n");
	assert_int_equal(status, 0);
}

/* What was asked for and did not arrive is a failure. */
static void test_print_to_full_disk(void **state)
{
	struct detour out, err;

	(void)state;
	detour_begin(&err, stderr, memory());
	detour_begin(&out, stdout, open("/dev/full", O_RDWR | O_CLOEXEC));
	int status = command_print("text\n");
	free(detour_end(&out));
	cleanup_free char *message = detour_end(&err);
	assert_int_equal(status, EXIT_HOST);
	assert_string_equal(message,
			    "xkvm: cannot write to standard output: No space "
			    "left on device\n");
}

/* The line of `help` that begins with this option, if there is one. */
static bool has_option(const char *help, const struct option_def *def)
{
	cleanup_free char *line =
		def->letter ? xasprintf("\n  -%c, --%s", def->letter, def->name)
			    : xasprintf("\n      --%s", def->name);
	const char *found = strstr(help, line);

	return found && strchr(" [\n", found[strlen(line)]) &&
	       strstr(found, def->help);
}

static void test_help_has_each_option(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct option_table *table = COMMANDS[i]->options;
		cleanup_free char *help = command_help(COMMANDS[i]);

		for (size_t j = 0; j < table->count; j++)
			if (!has_option(help, &table->defs[j]))
				fail_msg("%s: no line for --%s",
					 COMMANDS[i]->name,
					 table->defs[j].name);
		assert_non_null(strstr(help, COMMANDS[i]->summary));
	}
}

/* It fits a terminal, and has neither tabs nor blanks at the end. */
static void test_help_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		cleanup_free char *help = command_help(COMMANDS[i]);
		char *save = NULL;

		assert_true(str_starts(help, "usage: xkvm"));
		assert_int_equal(help[strlen(help) - 1], '\n');
		for (char *line = strtok_r(help, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			size_t len = strlen(line);

			if (len > 80 || strchr(line, '\t') ||
			    line[len - 1] == ' ')
				fail_msg("%s: '%s'", COMMANDS[i]->name, line);
		}
	}
}

/* xkvm's own help tells of the other commands. */
static void test_help_names_commands(void **state)
{
	cleanup_free char *help = command_help(COMMANDS[0]);

	(void)state;
	assert_string_equal(COMMANDS[0]->name, "");
	for (size_t i = 1; i < COMMAND_COUNT; i++) {
		cleanup_free char *usage = xasprintf(
			" xkvm %s %s\n", COMMANDS[i]->name, COMMANDS[i]->usage);

		check_number(usage, !!strstr(help, usage), true);
	}
}

/* A table without a mistake: no name or letter twice, a value has a name, a
 * word to complete is there. */
static void test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct option_table *table = COMMANDS[i]->options;

		for (size_t j = 0; j < table->count; j++) {
			const struct option_def *a = &table->defs[j];

			assert_non_null(a->help);
			check_number(a->name, !a->apply,
				     str_eq(a->name, "help"));
			check_number(a->name, !a->metavar,
				     a->value == OPTION_FLAG);
			check_number(a->name, !a->words,
				     a->complete != COMPLETE_WORDS);
			for (size_t k = 0; k < j; k++) {
				const struct option_def *b = &table->defs[k];

				assert_string_not_equal(a->name, b->name);
				assert_true(!a->letter ||
					    a->letter != b->letter);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_print_to_full_disk),
		cmocka_unit_test(test_help_has_each_option),
		cmocka_unit_test(test_help_lines),
		cmocka_unit_test(test_help_names_commands),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
