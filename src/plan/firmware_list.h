/* SPDX-License-Identifier: Apache-2.0 */
/* All firmware that may be meant, in the order in which it is considered. */
#ifndef XKVM_PLAN_FIRMWARE_LIST_H
#define XKVM_PLAN_FIRMWARE_LIST_H

#include "plan/facts.h"
#include "plan/firmware_descriptor.h"
#include "spec/run_spec.h"

/* How far a candidate got until something spoke against it. */
enum firmware_rank {
	FIRMWARE_UNKNOWN, /* its descriptor cannot be used */
	FIRMWARE_FOREIGN, /* of another architecture or kind */
	FIRMWARE_ABSENT, /* a file is missing, or cannot be flash */
	FIRMWARE_UNFIT, /* not what was asked for, or not for this machine */
	FIRMWARE_UNPAIRED, /* not what the store of variables was made for */
	FIRMWARE_FITS,
};

struct firmware_candidate {
	struct firmware firmware; /* of one that cannot be used, the source */
	enum firmware_rank rank; /* UNKNOWN, or FITS until it is judged */
	char *reason; /* owned; what speaks against it; NULL: nothing */
};

struct firmware_list {
	struct firmware_candidate *items; /* owned */
	size_t count;
};

void firmware_list_done(struct firmware_list *list);

/*
 * The descriptors by the rules of firmware.json: sorted by the names of their
 * files; of two with one name the more specific folder's hides the other, even
 * where it is empty. After them the known places, without those that a
 * descriptor, hidden or not, speaks of.
 *
 * Of --firmware, only that descriptor, or what has that image for its code; an
 * image that nothing is known of is code without variables.
 */
void firmware_list_make(const struct run_spec *spec, const struct facts *facts,
			const char *arch, struct firmware_list *ret);

/* Is it made for this architecture? */
bool firmware_is_for(const struct firmware *firmware, const char *arch);

#endif
