/* SPDX-License-Identifier: Apache-2.0 */
#include "run/net_helper.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/strv.h"
#include "host/helper_program.h"
#include "host/process.h"

int net_helper_check(const char *user, const char *path, int *ret_status,
		     struct err *err)
{
	cleanup_strv struct strv args = STRV_INIT;
	struct process process = PROCESS_INIT;
	int status = 0;

	strv_take(&args, helper_program_find());
	strv_add(&args, "--check");
	if (user)
		strv_addf(&args, "--user=%s", user);
	/* A file's name is no option, whatever it begins with. */
	if (path)
		strv_addf(&args, "%s%s", *path == '-' ? "./" : "", path);

	const struct process_start start = {
		.path = args.items[0],
		.argv = args.items,
		.is_stdin_empty = true,
	};
	int r = process_start(&start, &process, err);
	if (r == 0)
		r = process_wait(&process, &status, err);
	if (r < 0)
		return r;
	if (!WIFEXITED(status))
		return err_set(err, -EPROTO, "xkvm-net was ended by signal %d",
			       WTERMSIG(status));
	*ret_status = WEXITSTATUS(status);
	return 0;
}
