/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a wait for the guest looks: on a terminal one line that is drawn again
 * and again, elsewhere a line for each stage that it reaches. None of it waits
 * for a reader: what cannot be written is left out.
 */
#ifndef XKVM_CMD_PROGRESS_H
#define XKVM_CMD_PROGRESS_H

#include "plan/plan.h"
#include "run/report.h"

struct progress {
	bool is_shown; /* the stages are */
	bool is_redrawn; /* on one line, of a terminal */
	bool is_drawn; /* it is there now */
};

/* What run_plan() reports to; *progress must outlive it. */
struct run_report progress_report(struct progress *progress,
				  const struct plan *plan, bool is_quiet);

/* Takes the line away, before something else is said. */
void progress_clear(struct progress *progress);

#endif
