/* SPDX-License-Identifier: Apache-2.0 */
/*
 * golden CASE           compares what comes of a case with its plan.txt
 * golden --update CASE  writes what comes of it to plan.txt
 * golden record ARCH    prints what the installed qemu-system-ARCH says
 *
 * A new case is a new folder with args and facts.json, and --update; the diff
 * of plan.txt is what to read before it is committed.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "golden_case.h"
#include "host/process.h"
#include "host/program.h"
#include "qemu_json.h"
#include "text_file.h"

#define ACTUAL_FD 3

/* Runs diff(1); it prints to our stdout. */
static int run_diff(const char *path, int actual, struct err *err)
{
	cleanup_free char *program = program_find("diff");
	char *argv[] = {
		(char *)"diff",	    (char *)"-u",	 (char *)"--label",
		(char *)"expected", (char *)"--label",	 (char *)"actual",
		(char *)path,	    (char *)"/dev/fd/3", NULL
	};
	const struct process_fd fds[] = { { actual, ACTUAL_FD } };
	const struct process_start start = {
		.path = program,
		.argv = argv,
		.fds = fds,
		.fd_count = ARRAY_SIZE(fds),
	};
	struct process process = PROCESS_INIT;
	int status;

	if (!program)
		return err_set(err, -ENOENT, "diff is not installed");
	int r = process_start(&start, &process, err);
	return r < 0 ? r : process_wait(&process, &status, err);
}

static int show_diff(const char *path, const char *actual, struct err *err)
{
	cleanup_close int fd = memfd_create("actual", MFD_CLOEXEC);
	size_t len = strlen(actual);

	if (fd < 0 || write(fd, actual, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) < 0)
		return err_set_errno(err, -errno, "cannot write a memfd");
	fflush(stdout);
	return run_diff(path, fd, err);
}

static int check(const char *folder, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/plan.txt", folder);
	cleanup_free char *actual = NULL, *expected = NULL;
	int r = golden_case_run(folder, &actual, err);

	if (r == 0)
		r = text_file_read(path, &expected, err);
	if (!expected)
		return r;
	if (str_eq(actual, expected))
		return 0;
	r = show_diff(path, actual, err);
	return r < 0 ? r
		     : err_set(err, -EBADMSG, "%s is not what comes of it",
			       path);
}

static int update(const char *folder, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/plan.txt", folder);
	cleanup_free char *actual = NULL;
	int r = golden_case_run(folder, &actual, err);

	return r < 0 ? r : text_file_write(path, actual, err);
}

int main(int argc, char **argv)
{
	struct err err;
	int r;

	if (argc == 3 && str_eq(argv[1], "--update")) {
		r = update(argv[2], &err);
	} else if (argc == 3 && str_eq(argv[1], "record")) {
		r = qemu_json_record(argv[2], &err);
	} else if (argc == 2 && argv[1][0] != '-') {
		r = check(argv[1], &err);
	} else {
		fputs("usage: golden [--update] CASE\n"
		      "       golden record ARCH\n",
		      stderr);
		return 2;
	}
	if (r < 0)
		fprintf(stderr, "golden: %s\n", err.text);
	return r < 0 ? 1 : 0;
}
