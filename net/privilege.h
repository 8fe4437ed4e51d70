/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one privilege that taps need: CAP_NET_ADMIN over the network namespace.
 * It comes from being root, in a user namespace or not, or from the file
 * capability cap_net_admin+p. Any other is given up at the start, and this one
 * is in effect only while something is done that needs it.
 */
#ifndef XKVM_NET_PRIVILEGE_H
#define XKVM_NET_PRIVILEGE_H

#include "fail.h"

#include <stdbool.h>
#include <stddef.h>

#define PRIVILEGE_CAUSE_SIZE 640

/* Keeps CAP_NET_ADMIN, if it is there, and nothing else. 0 or -1. */
must_check int privilege_keep(void);

/* Gives up that, too. 0 or -1. */
must_check int privilege_drop(void);

/*
 * Puts it into effect, if it is there. Without it, the kernel says no to what
 * is done then, as it does where this returns false: so few need to ask.
 */
bool privilege_raise(void);

/* Takes it out of effect, or ends the process. */
void privilege_lower(void);

/* In one that is not the first: there, root's files may be nobody's. */
bool privilege_is_in_user_namespace(void);

/* What decides whether a process has it. */
struct privilege_facts {
	bool is_permitted; /* it is there */
	bool reaches_network; /* in the user namespace that has it, or above */
	bool has_file_capability;
	bool is_in_user_namespace;
	bool has_no_new_privs;
	bool is_nosuid; /* so is the file system that it is started from */
	bool is_bounded; /* it is not in the bounding set */
	unsigned int tracer; /* 0: none */
	const char *path; /* of the program */
};

void privilege_read(struct privilege_facts *ret, char *path, size_t path_size);

/* Why the kernel said EPERM, and what mends it. Pure. */
void privilege_explain(const struct privilege_facts *facts,
		       char ret[static PRIVILEGE_CAUSE_SIZE]);

#endif
