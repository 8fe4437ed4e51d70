/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel.h"

#include "plan/console.h"
#include "plan/seed_server.h"
#include "spec/cache_home.h"

#include <errno.h>

void kernel_questions(const struct run_spec *spec, struct strv *files)
{
	if (spec->kernel.file)
		strv_add_unique(files, spec->kernel.file);
	if (spec->kernel.initrd)
		strv_add_unique(files, spec->kernel.initrd);
}

/* A FIFO is read once, and a device has no end: QEMU takes neither. */
static int check_file(const char *option, const char *path,
		      const struct facts *facts, struct err *err)
{
	const struct file_facts *file = facts_file(facts, path);

	if (!file || file->kind == FILE_MISSING)
		return err_set(err, -EINVAL, "%s '%s': no such file", option,
			       path);
	if (file->kind != FILE_REGULAR && file->kind != FILE_UNREACHABLE)
		return err_set(err, -EINVAL, "%s '%s' is not a regular file",
			       option, path);
	if (file->error)
		return err_set(err, -EINVAL, "%s '%s' cannot be read: %s",
			       option, path, strerrordesc_np(file->error));
	return 0;
}

int kernel_check(const struct run_spec *spec, const struct facts *facts,
		 struct err *err)
{
	const struct kernel_spec *kernel = &spec->kernel;
	int r = 0;

	if (kernel->file)
		r = check_file("--kernel", kernel->file, facts, err);
	if (r == 0 && kernel->initrd)
		r = check_file("--initrd", kernel->initrd, facts, err);
	return r;
}

/* What the user appends comes last, and so prevails: of several console= the
 * last one becomes /dev/console. On a screen that is the screen. */
static char *command_line(const struct run_spec *spec,
			  const struct machine *machine,
			  const struct fast *fast)
{
	struct strbuf line = STRBUF_INIT;

	if (kernel_spec_wants_console(&spec->kernel) && machine->console) {
		strbuf_addf(&line, "console=%s", machine->console);
		if (machine->has_screen && !fast->is_on &&
		    !spec->passthrough.is_serial_watched &&
		    !console_is_wanted(spec))
			strbuf_addstr(&line, " console=tty0");
	}
	if (fast->kernel_words)
		strbuf_addf(&line, "%s%s", line.len ? " " : "",
			    fast->kernel_words);
	if (seed_server_kernel_words(spec))
		strbuf_addf(&line, "%s%s", line.len ? " " : "",
			    seed_server_kernel_words(spec));
	if (spec->kernel.append)
		strbuf_addf(&line, "%s%s", line.len ? " " : "",
			    spec->kernel.append);
	return strbuf_detach(&line);
}

static void add_kernel(struct plan *plan, const struct run_spec *spec,
		       const struct fast *fast)
{
	if (!fast->unpacks_kernel) {
		plan_add_arg(plan, "-kernel", xstrdup(spec->kernel.file));
		return;
	}
	struct plan_fd *fd = plan_add_fd(plan, PLAN_FD_KERNEL);
	plan_add_arg(plan, "-kernel", xasprintf("/dev/fd/%d", fd->number));
	fd->path = xstrdup(spec->kernel.file);
	if (spec->cache_home)
		fd->cache = xasprintf("%s/" CACHE_KERNELS, spec->cache_home);
}

void kernel_add(struct plan *plan, const struct run_spec *spec,
		const struct machine *machine, const struct fast *fast)
{
	if (!spec->kernel.file)
		return;
	cleanup_free char *line = command_line(spec, machine, fast);
	add_kernel(plan, spec, fast);
	if (spec->kernel.initrd)
		plan_add_arg(plan, "-initrd", xstrdup(spec->kernel.initrd));
	if (*line)
		plan_add_arg(plan, "-append", take_ptr(line));
}
