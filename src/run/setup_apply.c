/* SPDX-License-Identifier: Apache-2.0 */
#include "run/setup_apply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "host/process.h"
#include "host/program.h"

static int run(const struct setup_step *step, struct err *err)
{
	cleanup_free char *program = program_find(step->argv.items[0]);
	struct process process = PROCESS_INIT;
	int status = 0;

	if (!program)
		return err_set(err, -ENOENT,
			       "'%s' is not installed, or not in the PATH",
			       step->argv.items[0]);
	const struct process_start start = {
		.path = program,
		.argv = step->argv.items,
		.is_stdin_empty = true,
	};
	int r = process_start(&start, &process, err);
	if (r == 0)
		r = process_wait(&process, &status, err);
	if (r < 0)
		return r;
	cleanup_free char *text = setup_step_text(step);
	if (WIFSIGNALED(status))
		return err_set(err, -EIO, "'%s' was ended by signal %d", text,
			       WTERMSIG(status));
	if (WEXITSTATUS(status))
		return err_set(err, -EIO, "'%s' ended with status %d", text,
			       WEXITSTATUS(status));
	return 0;
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* Makes the file `name`, which ends with XXXXXX, with the owner and mode of
 * `like`. */
static int write_new(char *name, const char *text, const struct stat *like,
		     struct err *err)
{
	cleanup_close int fd = mkostemp(name, O_CLOEXEC);

	if (fd < 0)
		return err_set_errno(err, -errno, "cannot create '%s'", name);
	int r = write_all(fd, text);
	if (r == 0 && (fchown(fd, like->st_uid, like->st_gid) < 0 ||
		       fchmod(fd, like->st_mode & 07777) < 0))
		r = -errno;
	if (r == 0)
		return 0;
	unlink(name);
	return err_set_errno(err, r, "cannot write '%s'", name);
}

static int create(const struct setup_step *step, struct err *err)
{
	const struct stat like = { .st_mode = 0644 };
	cleanup_free char *name = xasprintf("%s.XXXXXX", step->path);
	int r = write_new(name, step->content, &like, err);

	if (r < 0)
		return r;
	/* Unlike a rename, a link replaces nothing. */
	if (link(name, step->path) < 0)
		r = err_set_errno(err, -errno, "cannot create '%s'",
				  step->path);
	unlink(name);
	return r;
}

static int read_file(const char *path, struct strbuf *ret, struct stat *st,
		     struct err *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char buf[4096];
	ssize_t n = 0;

	if (fd < 0 || fstat(fd, st) < 0)
		return err_set_errno(err, -errno, "cannot read '%s'", path);
	if (!S_ISREG(st->st_mode))
		return err_set(err, -EIO, "'%s' is no regular file", path);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		strbuf_add(ret, buf, (size_t)n);
	if (n < 0)
		return err_set_errno(err, -errno, "cannot read '%s'", path);
	return 0;
}

static int append(const struct setup_step *step, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_free char *name = xasprintf("%s.XXXXXX", step->path);
	struct stat st = { 0 };
	int r = read_file(step->path, &text, &st, err);

	if (r < 0)
		return r;
	if (text.len > 0 && text.buf[text.len - 1] != '\n')
		return err_set(err, -EIO,
			       "'%s' does not end with a whole line; see 'xkvm "
			       "net check'",
			       step->path);
	strbuf_addstr(&text, step->content);
	r = write_new(name, strbuf_str(&text), &st, err);
	if (r < 0)
		return r;
	if (rename(name, step->path) < 0) {
		r = err_set_errno(err, -errno, "cannot replace '%s'",
				  step->path);
		unlink(name);
	}
	return r;
}

int setup_apply(const struct setup_step *step, struct err *err)
{
	switch (step->kind) {
	case SETUP_RUN:
		return run(step, err);
	case SETUP_CREATE:
		return create(step, err);
	case SETUP_APPEND:
		return append(step, err);
	}
	return 0;
}
