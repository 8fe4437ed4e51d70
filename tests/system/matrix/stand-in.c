/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for QEMU: runs for a moment and ends with 0. One that xkvm left
 * behind does not end by itself, so that it is noticed.
 */
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* So that xkvm waits for it. */
#define MOMENT_NS 20000000L
/* Who gets the orphans, in a PID namespace. */
#define REAPER 1

int main(void)
{
	const struct timespec moment = { .tv_nsec = MOMENT_NS };
	const pid_t parent = getppid();

	nanosleep(&moment, NULL);
	while (getppid() == REAPER || getppid() != parent)
		pause();
	return 0;
}
