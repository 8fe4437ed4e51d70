/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of times, and how far they spread. */
#ifndef XKVM_BENCH_SPREAD_H
#define XKVM_BENCH_SPREAD_H

#include <stddef.h>

#define SPREAD_VALUES 4

struct spread {
	size_t count, size;
	double *times[SPREAD_VALUES]; /* owned: of the two, their ratio and
				       their difference */
};

/* Returns -1 where there is no memory. */
int spread_init(struct spread *ret, size_t size);
void spread_done(struct spread *spread);

void spread_add(struct spread *spread, double ms, double base_ms);

/* A line with tabs: the median of each in ms, the median of the ratios and
 * their quartiles, the same of the differences in ms. */
void spread_print(struct spread *spread);

double now_ms(void);

#endif
