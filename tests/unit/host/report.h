/* SPDX-License-Identifier: Apache-2.0 */
/* What a program finds itself with when it has been started. */
#ifndef TESTS_UNIT_HOST_REPORT_H
#define TESTS_UNIT_HOST_REPORT_H

/*
 * Writes it to standard output, a blank after each item:
 *
 *	fds	each descriptor above 2, with the first byte of its file: 3=a
 *	signals	blocked:N and ignored:N
 *	group	whether it leads its process group, and its death:SIGNAL
 *	stdin	empty, data or closed
 *
 * "hang" waits for a signal instead, and a number is only returned. Returns the
 * exit status.
 */
int report(const char *what);

#endif
