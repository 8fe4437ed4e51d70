/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process that stays for days gives up before it does.
 *
 * After the seal there is no file that it can open, no program that it can
 * start, no process that it can make or look into, no privilege that it can
 * gain and no new way to the network: the kernel ends it with the first call
 * that is not in the list (seccomp). What is left is to talk over the sockets
 * that it has and new Unix ones, to have CAP_NET_ADMIN in effect or not, and to
 * end.
 */
#ifndef XKVM_NET_SEAL_H
#define XKVM_NET_SEAL_H

#include "fail.h"

/* Seals this process, for ever. What it does afterwards with the C library, and
 * takes a file for the first time, it must have done before. */
must_check int seal_process(struct fail *fail);

#endif
