/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of times, and how far they spread. */
#ifndef XKVM_BENCH_SPREAD_H
#define XKVM_BENCH_SPREAD_H

#include <stddef.h>

struct spread {
	size_t count, size;
	double *times[3]; /* owned: of the two, and their ratio */
};

/* Returns -1 where there is no memory. */
int spread_init(struct spread *ret, size_t size);
void spread_done(struct spread *spread);

void spread_add(struct spread *spread, double ms, double base_ms);

/* A line with tabs: the median of each in ms, the median of the ratios and
 * their quartiles. */
void spread_print(struct spread *spread);

double now_ms(void);

#endif
