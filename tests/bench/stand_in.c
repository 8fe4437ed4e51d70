/* SPDX-License-Identifier: Apache-2.0 */
/* A QEMU that takes any arguments and does nothing but to print the time, as
 * now_ms() has it, at which it began. */
#include "spread.h"

#include <stdio.h>

int main(void)
{
	return printf("%.6f\n", now_ms()) < 0;
}
