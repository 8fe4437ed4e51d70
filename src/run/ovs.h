/* SPDX-License-Identifier: Apache-2.0 */
/* Open vSwitch through ovs-vsctl(8), never waiting longer than a deadline. `db`
 * is the path of the socket of its database; NULL is the usual one. */
#ifndef XKVM_RUN_OVS_H
#define XKVM_RUN_OVS_H

#include <stdbool.h>

#include "base/err.h"

/*
 * *ret: whether Open vSwitch has a bridge of this name. A host without
 * ovs-vsctl has none; a switch that does not answer is an error.
 */
must_check int ovs_has_bridge(const char *db, const char *bridge, bool *ret,
			      struct err *err);

/* Adds the port and checks that the switch has taken it: ovs-vsctl's exit
 * status alone is no proof. On failure the port is not there. */
must_check int ovs_add_port(const char *db, const char *bridge,
			    const char *port, struct err *err);

must_check int ovs_remove_port(const char *db, const char *bridge,
			       const char *port, struct err *err);

#endif
