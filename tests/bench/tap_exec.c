/* SPDX-License-Identifier: Apache-2.0 */
/* tap_exec BRIDGE COMMAND...: the floor of a run with one NIC on a bridge.
 * Makes a tap, forks, executes COMMAND, to which the tap is passed on, and
 * waits. */
#include "taps.h"

#include <err.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct taps taps;
	int status;
	pid_t pid;

	if (argc < 3)
		errx(2, "usage: tap_exec BRIDGE COMMAND...");
	tap_loop_make(&(struct bridge){ .name = argv[1] }, 1, &taps);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		fcntl(taps.fds[0], F_SETFD, 0);
		execvp(argv[2], argv + 2);
		err(1, "%s", argv[2]);
	}
	return waitpid(pid, &status, 0) < 0 || status != 0;
}
