/* SPDX-License-Identifier: Apache-2.0 */
#include "spread.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int spread_init(struct spread *ret, size_t size)
{
	*ret = (struct spread){ .size = size };
	for (size_t i = 0; i < SPREAD_VALUES; i++) {
		ret->times[i] = calloc(size, sizeof(double));
		if (!ret->times[i]) {
			spread_done(ret);
			return -1;
		}
	}
	return 0;
}

void spread_done(struct spread *spread)
{
	for (size_t i = 0; i < SPREAD_VALUES; i++)
		free(spread->times[i]);
}

void spread_add(struct spread *spread, double ms, double base_ms)
{
	const double values[SPREAD_VALUES] = { ms, base_ms, ms / base_ms,
					       ms - base_ms };

	if (spread->count == spread->size)
		return;
	for (size_t i = 0; i < SPREAD_VALUES; i++)
		spread->times[i][spread->count] = values[i];
	spread->count++;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(const struct spread *spread, size_t of, double q)
{
	return spread
		->times[of][(size_t)((double)(spread->count - 1) * q + 0.5)];
}

void spread_print(struct spread *spread)
{
	for (size_t i = 0; i < SPREAD_VALUES; i++)
		qsort(spread->times[i], spread->count, sizeof(double), compare);
	printf("%.3f\t%.3f", quantile(spread, 0, 0.5),
	       quantile(spread, 1, 0.5));
	for (size_t i = 2; i < SPREAD_VALUES; i++)
		printf("\t%.2f\t%.2f\t%.2f", quantile(spread, i, 0.5),
		       quantile(spread, i, 0.25), quantile(spread, i, 0.75));
	putchar('\n');
}

double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}
