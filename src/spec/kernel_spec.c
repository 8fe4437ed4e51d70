/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/kernel_spec.h"

#include <errno.h>
#include <stdlib.h>

#include "base/strbuf.h"

#define BLANKS " \t\n"

void kernel_spec_done(struct kernel_spec *kernel)
{
	free(kernel->file);
	free(kernel->initrd);
	free(kernel->append);
	*kernel = (struct kernel_spec){ 0 };
}

void kernel_spec_append(struct kernel_spec *kernel, const char *text)
{
	if (text[strspn(text, BLANKS)] == '\0')
		return;
	char *joined = kernel->append ? xasprintf("%s %s", kernel->append, text)
				      : xstrdup(text);

	free(kernel->append);
	kernel->append = joined;
}

int kernel_spec_set_append_console(struct kernel_spec *kernel,
				   const char *value, struct err *err)
{
	if (value && !str_eq(value, "yes") && !str_eq(value, "no"))
		return err_set(err, -EINVAL,
			       "--append-console=%s: say yes or no", value);
	kernel->append_console = value && str_eq(value, "no")
					 ? APPEND_CONSOLE_NO
					 : APPEND_CONSOLE_YES;
	return 0;
}

/* The option that makes no sense without a kernel, or NULL. */
static const char *first_dependent(const struct kernel_spec *kernel)
{
	if (kernel->initrd)
		return "--initrd";
	if (kernel->append)
		return "--append";
	return kernel->append_console == APPEND_CONSOLE_AUTO
		       ? NULL
		       : "--append-console";
}

int kernel_spec_check(const struct kernel_spec *kernel,
		      const struct passthrough *passthrough, struct err *err)
{
	const char *dependent = first_dependent(kernel);
	const char *qemus = passthrough->kernel_option;

	if (!kernel->file && dependent)
		return err_set(err, -EINVAL,
			       "%s goes with --kernel, which is not given; "
			       "a -kernel after '--' has its own -initrd and "
			       "-append there",
			       dependent);
	if (kernel->file && qemus)
		return err_set(err, -EINVAL,
			       "--kernel and QEMU's -%s after '--' exclude "
			       "each other; give --kernel, --initrd and "
			       "--append, or all three after '--'",
			       qemus);
	return 0;
}

/* What follows a word "--" is for init, not for the kernel. */
static bool has_console(const char *append)
{
	for (const char *word = append; *(word += strspn(word, BLANKS));) {
		size_t len = strcspn(word, BLANKS);

		if (len == 2 && str_starts(word, "--"))
			return false;
		if (str_starts(word, "console="))
			return true;
		word += len;
	}
	return false;
}

bool kernel_spec_wants_console(const struct kernel_spec *kernel)
{
	if (kernel->append_console != APPEND_CONSOLE_AUTO)
		return kernel->append_console == APPEND_CONSOLE_YES;
	return kernel->file && !(kernel->append && has_console(kernel->append));
}
