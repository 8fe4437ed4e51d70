/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Garbage: what is left when a guardian was killed, too. There are two kinds:
 *
 *   a tap   that one of its holders has made persistent, and that nobody has a
 *           descriptor of any more;
 *   a port  of Open vSwitch whose tap is no more, or was another boot's.
 *
 * Both are known to be ours by their tags (wire.h, ovs_rows.h), and nothing
 * without one is ever touched; nor is a tap that was asked to be persistent.
 * Whether a port has lost its tap can be said in the network namespace of that
 * only, so a port that was made in another one is left to who asks there.
 */
#ifndef XKVM_NET_GC_H
#define XKVM_NET_GC_H

#include "fail.h"
#include "link.h"
#include "message.h"
#include "ovs.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whose garbage, and what becomes of it. */
struct gc {
	bool is_for_all; /* users */
	uid_t uid; /* else: of this one */
	bool is_dry; /* nothing is removed */
	/* Called with each thing; NULL: nobody wants to know. */
	void (*report)(enum gone_kind what, const char *name,
		       const char *bridge, void *context);
	void *context;
};

/* What a client may have removed: root everything, but for one that is held to
 * the access list. */
struct gc gc_of_client(uid_t client);

/* Is it a tap that was not to outlive its descriptors, and has? */
bool gc_is_abandoned(const struct link *link);

/* Removes taps. */
must_check int gc_taps(const struct gc *gc, struct link_socket *s,
		       struct fail *fail);

/* What the tags of a port say about it. */
enum gc_port {
	GC_PORT_KEPT,
	GC_PORT_DEAD,
	GC_PORT_AS_TAP, /* it is dead if its tap is not there */
};

/* `here`: whose `boot` and `network` are this process's. */
enum gc_port gc_judge_port(const struct gc *gc, const json_t *tags,
			   const struct ovs_owner *here);

/* Removes ports. Connects, if it is not. */
must_check int gc_ports(const struct gc *gc, struct ovs *ovs,
			struct link_socket *s, const struct ovs_owner *here,
			int64_t deadline, struct fail *fail);

/* Removes both, the ports where Open vSwitch is, and speaks to this user. */
must_check int gc_run(const struct gc *gc, struct ovs *ovs, struct fail *fail);

#endif
