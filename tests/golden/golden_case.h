/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case is a folder:
 *
 *	args        the command line, an argument on each line (text_file.h)
 *	env         NAME=VALUE of environment variables; may be missing
 *	facts.json  the host (host_json.h)
 *	plan.txt    what comes of it (render.h)
 */
#ifndef XKVM_GOLDEN_CASE_H
#define XKVM_GOLDEN_CASE_H

#include "base/err.h"

/*
 * Makes the plan of a case, and its text: the plan's, that of the error it ends
 * in, or "help" or "version" where that is asked for. *ret is owned by the
 * caller. Fails where the case itself is wrong.
 */
must_check int golden_case_run(const char *folder, char **ret, struct err *err);

#endif
