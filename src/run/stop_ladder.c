/* SPDX-License-Identifier: Apache-2.0 */
#include "run/stop_ladder.h"

#include <stdbool.h>

void stop_ladder_init(struct stop_ladder *ladder, unsigned int grace_ms)
{
	*ladder =
		(struct stop_ladder){ .step = STOP_NOT, .grace_ms = grace_ms };
}

static int64_t patience(const struct stop_ladder *ladder, enum stop_step step)
{
	static const int64_t fixed[] = {
		[STOP_QUIT] = STOP_QUIT_MS,
		[STOP_TERMINATE] = STOP_TERMINATE_MS,
		[STOP_KILL] = STOP_KILL_MS,
		[STOP_GIVE_UP] = 0,
	};

	return step == STOP_POWERDOWN ? ladder->grace_ms : fixed[step];
}

static enum stop_step enter(struct stop_ladder *ladder, enum stop_step step,
			    int64_t now)
{
	ladder->step = step;
	ladder->deadline = now + patience(ladder, step);
	return step;
}

enum stop_step stop_ladder_signal(struct stop_ladder *ladder, int64_t now)
{
	enum stop_step wanted;

	ladder->signals++;
	if (ladder->signals == 1)
		wanted = ladder->grace_ms ? STOP_POWERDOWN : STOP_QUIT;
	else
		wanted = ladder->signals == 2 ? STOP_QUIT : STOP_KILL;
	return stop_ladder_begin(ladder, wanted, now);
}

enum stop_step stop_ladder_begin(struct stop_ladder *ladder,
				 enum stop_step step, int64_t now)
{
	return step > ladder->step ? enter(ladder, step, now) : STOP_NOT;
}

enum stop_step stop_ladder_skip(struct stop_ladder *ladder, int64_t now)
{
	if (ladder->step == STOP_NOT || ladder->step == STOP_GIVE_UP)
		return STOP_NOT;
	return enter(ladder, ladder->step + 1, now);
}

enum stop_step stop_ladder_tick(struct stop_ladder *ladder, int64_t now)
{
	if (ladder->step == STOP_NOT || ladder->step == STOP_GIVE_UP ||
	    now < ladder->deadline)
		return STOP_NOT;
	return stop_ladder_skip(ladder, now);
}

int64_t stop_ladder_due(const struct stop_ladder *ladder)
{
	bool is_waiting = ladder->step != STOP_NOT &&
			  ladder->step != STOP_GIVE_UP;

	return is_waiting ? ladder->deadline : INT64_MAX;
}
