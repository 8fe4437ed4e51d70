/* SPDX-License-Identifier: Apache-2.0 */
/* xkvm-net --check: is the access list valid, and whom does it let in where? */
#ifndef XKVM_NET_CHECK_H
#define XKVM_NET_CHECK_H

#define CHECK_USAGE "xkvm-net --check [--user NAME] [FILE]"

/*
 * Does it with what follows --check in `argv`, which ends with NULL. Needs no
 * privilege, and gives up the one there is. Returns the exit status: 0 valid,
 * 1 not, 2 where it could not be told.
 */
int check_run(char **argv);

#endif
