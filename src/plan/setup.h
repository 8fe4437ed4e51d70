/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an administrator does once, so that ordinary users may have taps: a
 * group, an xkvm-net with the file capability that this group may start, the
 * service for those who cannot gain a privilege, and an access list. A pure
 * function of what is there; what is there already is no step.
 */
#ifndef XKVM_PLAN_SETUP_H
#define XKVM_PLAN_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"

#define SETUP_GROUP "xkvm"
#define SETUP_LIST "/etc/xkvm/bridge.conf"
#define SETUP_QEMU_LIST "/etc/qemu/bridge.conf"
#define SETUP_UNIT "xkvm-net.socket"

/* What was asked for. */
struct setup_spec {
	struct strv users; /* who are to be in the group */
	struct strv bridges; /* that are to be opened to it */
};

/* What the host has. */
struct setup_facts {
	bool has_group;
	char *net; /* owned; the path of xkvm-net */
	bool has_net;
	bool net_is_roots; /* and its folder */
	bool net_is_groups; /* owned by root and the group, mode 0750 */
	bool net_has_capability;
	bool has_list;
	char *list; /* owned; what is in it; NULL: it cannot be read */
	bool has_qemu_list;
	bool has_systemd; /* it runs this host */
	bool has_unit;
	bool unit_listens; /* now, and at the next start */
	struct strv members; /* those of the users that are in the group */
	char *stranger; /* owned; one of the users that does not exist */
};

enum setup_step_kind {
	SETUP_RUN, /* a command */
	SETUP_CREATE, /* the file `path`, which is not there */
	SETUP_APPEND, /* to the file `path` */
};

/* All is owned. */
struct setup_step {
	enum setup_step_kind kind;
	char *why; /* one line */
	struct strv argv; /* of the command; the program is in the PATH */
	char *path;
	char *content;
};

struct setup_steps {
	struct setup_step *items;
	size_t count;
	struct strv remarks; /* what no step can do */
};

/* Fails where there is no xkvm-net to set up, or it is not safe to, and where a
 * user does not exist. */
must_check int setup_make(const struct setup_spec *spec,
			  const struct setup_facts *facts,
			  struct setup_steps *ret, struct err *err);

/* The steps as a script for a POSIX shell. Owned by the caller. */
char *setup_text(const struct setup_steps *steps);

/* The command of a step, as it would be typed. Owned by the caller. */
char *setup_step_text(const struct setup_step *step);

void setup_spec_done(struct setup_spec *spec);
void setup_facts_done(struct setup_facts *facts);
void setup_steps_done(struct setup_steps *steps);

#endif
