/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what a seed is made of. */
#ifndef XKVM_HOST_SEED_FACTS_H
#define XKVM_HOST_SEED_FACTS_H

#include "plan/facts.h"
#include "spec/cloud_init_spec.h"

/* Standard input is read to its end where a file is "-". */
void host_read_seed(const struct cloud_init_spec *spec, struct seed_facts *ret);

/* Takes over `text`, which is what `source` holds, and looks at it. */
void host_take_seed_text(const struct seed_source *source, char *text_owned,
			 size_t len, struct seed_facts *ret);

/* Says that there is none, and why. */
void host_miss_seed_text(const struct seed_source *source, int error,
			 struct seed_facts *ret);

#endif
