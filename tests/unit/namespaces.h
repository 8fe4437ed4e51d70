/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_NAMESPACES_H
#define TESTS_UNIT_NAMESPACES_H

/* Gives this process namespaces of its own, as for unshare(2), with all rights
 * over them: who is not root becomes root of a user namespace as well. Returns
 * 0 or a negative errno. */
int namespaces_new(int flags);

#endif
